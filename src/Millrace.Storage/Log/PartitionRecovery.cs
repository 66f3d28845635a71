using System.Buffers;
using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>Opens what an earlier life left behind. Only the newest segment is read; a torn tail is cut from it.</summary>
internal sealed class PartitionRecovery(string directory, PartitionDamages damages, LogEnvironment environment)
{
    private readonly IDisk _disk = environment.Disk;
    private string _at = "";

    /// <exception cref="FaultException">Corrupt: a file that is no segment. Unavailable: the disk does not let itself be read or written.</exception>
    public SegmentList Recover()
    {
        try
        {
            return RecoverAll();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(Fault.Unavailable, $"{_at}: {e.Message} The log is not opened, and nothing of it was changed but a torn tail.", e);
        }
    }

    private SegmentList RecoverAll()
    {
        var segments = new List<Segment>();
        _at = directory;
        foreach (var name in _disk.List(directory))
        {
            _at = $"{directory}/{name}";
            if (Segment.IsUnfinished(name)) _disk.Delete(_at);
            else if (Segment.IsSegment(name)) segments.Add(Segment.Open(_disk, _at));
        }

        segments.Sort(static (a, b) => a.FirstOffset.CompareTo(b.FirstOffset));
        for (var i = 1; i < segments.Count; i++)
        {
            if (segments[i].FirstOffset == segments[i - 1].FirstOffset)
                throw segments[i].Corrupt(0, $"begins with the same record as {segments[i - 1].Path}; move the one that does not belong here away");
        }

        if (segments is not [.., var newest]) return new SegmentList([], 0);

        // The last life may have ended between naming the newest and syncing that name.
        _at = directory;
        _disk.SyncDirectory(directory);
        _at = newest.Path;
        return new SegmentList([.. segments], RecoverNewest(newest));
    }

    /// <returns>The offset after its last record.</returns>
    private long RecoverNewest(Segment segment)
    {
        using var file = _disk.Open(segment.Path);
        var length = file.Length;
        var position = (long)SegmentHeader.Size;
        var offset = segment.FirstOffset;
        var unproven = position;
        while (position < length)
        {
            if (FrameSearch.ValidAt(file, segment.Seed, position, length) is not { } frame || frame.FirstOffset != offset)
            {
                if (WhatWasSafe(file, segment, position, length, offset) is not { } behind) break;
                segment.Index.Jump(position, new FramePlace(behind.To, behind.ToPosition, long.MinValue));
                (position, offset) = (behind.ToPosition, behind.To);
                continue;
            }

            segment.Index.Add(frame, position);
            if (frame.Durable == offset) unproven = position;
            position += frame.FrameSize;
            offset = frame.EndOffset;
        }

        if (position < length)
        {
            environment.Logger.TornTail(segment.Path, length - position, position, offset);
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
    /// A torn write is the last one, so nothing behind it was written after it was safe. A good frame behind the bad one that says otherwise is the witness
    /// that acknowledged records have gone bad: they are never cut, and the log goes on behind them.
    /// </summary>
    /// <returns>What was safe and is damaged; null where nothing was.</returns>
    private LogDamage? WhatWasSafe(IFile file, Segment segment, long position, long length, long offset)
    {
        if (FrameSearch.Next(file, segment.Seed, position + 1, length, frame => frame.Durable > offset) is not { } witness) return null;
        var next = FrameSearch.Next(file, segment.Seed, position + 1, length, frame => frame.FirstOffset > offset) ?? witness;
        return damages.At(segment.Path, position) ?? damages.Add(
            segment.Path, position, offset, next.Frame.FirstOffset, next.Position,
            $"{segment.Path}, byte {position}: no valid frame begins here with record {offset}, but the frame at byte {witness.Position} was written when all before record "
            + $"{witness.Frame.Durable} was safe, so what is lost here was acknowledged; restore the file from a copy");
    }
}
