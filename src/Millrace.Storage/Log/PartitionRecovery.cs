using System.Buffers;
using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>Opens what an earlier life left behind. Only the newest segment is read; a torn tail is cut from it.</summary>
internal static class PartitionRecovery
{
    public static SegmentList Recover(IDisk disk, string directory, ILogger logger)
    {
        var segments = new List<Segment>();
        foreach (var name in disk.List(directory))
        {
            var path = $"{directory}/{name}";
            if (Segment.IsUnfinished(name)) disk.Delete(path);
            else if (Segment.IsSegment(name)) segments.Add(Segment.Open(disk, path));
        }

        segments.Sort(static (a, b) => a.FirstOffset.CompareTo(b.FirstOffset));
        for (var i = 1; i < segments.Count; i++)
        {
            if (segments[i].FirstOffset == segments[i - 1].FirstOffset)
                throw segments[i].Corrupt(0, $"begins with the same record as {segments[i - 1].Path}; move the one that does not belong here away");
        }

        if (segments is not [.., var newest]) return new SegmentList([], 0);
        // The last life may have ended between naming the newest and syncing that name.
        disk.SyncDirectory(directory);
        return new SegmentList([.. segments], RecoverNewest(disk, newest, logger));
    }

    /// <returns>The offset after its last record.</returns>
    private static long RecoverNewest(IDisk disk, Segment segment, ILogger logger)
    {
        using var file = disk.Open(segment.Path);
        var length = file.Length;
        var position = (long)SegmentHeader.Size;
        var offset = segment.FirstOffset;
        var unproven = position;
        while (FrameAt(file, segment.Seed, position, length) is { } frame && frame.FirstOffset == offset)
        {
            segment.Index.Add(frame, position);
            if (frame.Durable == offset) unproven = position;
            position += frame.FrameSize;
            offset = frame.EndOffset;
        }

        if (position < length)
        {
            RefuseToCutWhatWasSafe(file, segment, position, length, offset);
            logger.TornTail(segment.Path, length - position, position, offset);
            file.SetLength(position);
        }

        WriteAgain(file, unproven, position);
        segment.Length = position;
        return offset;
    }

    /// <summary>
    /// After the death of the process alone, the frames of the last commit may stand in the page cache and nowhere else, even as pages that count as clean
    /// because an fsync of them failed. Readers get them from now on, so they are written once more, as they are, and synced.
    /// </summary>
    private static void WriteAgain(IFile file, long from, long to)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1024 * 1024);
        try
        {
            for (var at = from; at < to;)
            {
                var bytes = buffer.AsSpan(0, (int)Math.Min(buffer.Length, to - at));
                if (file.Read(at, bytes) != bytes.Length) throw new IOException("the file became shorter while it was recovered");
                file.Write(at, bytes);
                at += bytes.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        file.Sync();
    }

    /// <summary>
    /// A torn write is the last one, so nothing behind it was written after it was safe. A good frame behind the bad one that says
    /// otherwise is the witness that acknowledged records have gone bad.
    /// </summary>
    private static void RefuseToCutWhatWasSafe(IFile file, Segment segment, long position, long length, long offset)
    {
        var window = ArrayPool<byte>.Shared.Rent(1024 * 1024);
        try
        {
            for (var at = position + 1; at + FrameHeader.Size <= length;)
            {
                var bytes = window.AsSpan(0, file.Read(at, window));
                var searched = 0;
                while (bytes[searched..].IndexOf(FrameHeader.Magic) is var found and >= 0)
                {
                    searched += found;
                    RefuseIfWitness(file, segment, at + searched, position, length, offset);
                    searched++;
                }

                // The last bytes are looked at again: the magic may stand across the edge of the window.
                at += Math.Max(searched, bytes.Length - FrameHeader.Magic.Length + 1);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }

    private static void RefuseIfWitness(IFile file, Segment segment, long at, long position, long length, long offset)
    {
        Span<byte> head = stackalloc byte[FrameHeader.Size];
        if (file.Read(at, head) != head.Length || !FrameHeader.TryRead(head, out var claimed)) return;
        if (claimed.Durable <= offset || FrameAt(file, segment.Seed, at, length) is null) return;
        throw segment.Corrupt(position,
            $"no valid frame begins here with record {offset}, but the frame at byte {at} was written when all before record "
            + $"{claimed.Durable} was safe, so what is lost here was acknowledged; restore the file from a copy");
    }

    /// <returns>Null where there is no whole frame with a fitting checksum.</returns>
    private static FrameHeader? FrameAt(IFile file, uint seed, long position, long length)
    {
        Span<byte> head = stackalloc byte[FrameHeader.Size];
        if (file.Read(position, head) != head.Length || !FrameHeader.TryRead(head, out var frame)) return null;
        if (position + frame.FrameSize > length) return null;
        var records = ArrayPool<byte>.Shared.Rent(frame.Length);
        try
        {
            var bytes = records.AsSpan(0, frame.Length);
            return file.Read(position + FrameHeader.Size, bytes) == frame.Length && FrameHeader.Matches(head, bytes, seed) ? frame : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(records);
        }
    }
}
