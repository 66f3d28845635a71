using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Contracts.Documents;
using Millrace.Storage.Files;

namespace Millrace.Storage.Documents;

/// <summary>Reads what an earlier life left, and makes sure that it stays.</summary>
internal sealed class JournalRecovery(string path, IFile file, DocumentState state)
{
    private const int Window = 1024 * 1024;

    private readonly long _length = file.Length;
    private byte[] _frame = new byte[64 * 1024];
    private uint _seed;

    /// <returns>Null where there is no journal yet.</returns>
    /// <exception cref="FaultException">Corrupt, with file and byte.</exception>
    public static JournalFile? Open(IDisk disk, string path, DocumentState state, ILogger logger)
    {
        var unfinished = JournalRewrite.UnfinishedOf(path);
        if (disk.Exists(unfinished)) disk.Delete(unfinished);
        if (!disk.Exists(path)) return null;

        var file = disk.Open(path);
        try
        {
            var journal = new JournalRecovery(path, file, state).Read(logger);
            // The last life may have ended between naming the file and syncing that name.
            disk.SyncDirectory(AtomicFile.DirectoryOf(path));
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private JournalFile Read(ILogger logger)
    {
        Span<byte> head = stackalloc byte[JournalHeader.Size];
        if (!JournalHeader.TryRead(head[..file.Read(0, head)], out var header, out _seed))
            throw Corrupt(0, "this is not the beginning of a journal; restore the file from a copy");

        var end = (long)JournalHeader.Size;
        JournalFrameHeader? last = null;
        while (FrameAt(end) is { } frame)
        {
            Apply(frame);
            end = frame.End;
            last = frame;
        }

        if (end < _length)
        {
            RefuseToCutWhatWasSafe(end);
            logger.TornTail(path, _length - end, end);
            file.SetLength(end);
        }

        if (last is { } again) WriteAgain(again);
        file.Sync();
        return new JournalFile(file, header, _seed, end);
    }

    private void Apply(JournalFrameHeader frame)
    {
        ReadOnlySpan<byte> rest = _frame.AsSpan(JournalFrameHeader.Size, frame.Length);
        for (var i = 0; i < frame.Count; i++)
        {
            if (!ChangeBytes.TryRead(ref rest, out var collection, out var key, out var value, out var removed))
                throw Corrupt(frame.End - rest.Length, $"this is no change that this version can read, and the checksum of its frame at byte {frame.Position} fits; open it with the version that wrote it");
            state.Recover(new DocumentChange(Encoding.UTF8.GetString(collection), Encoding.UTF8.GetString(key), removed ? null : value.ToArray()));
        }

        if (!rest.IsEmpty) throw Corrupt(frame.End - rest.Length, $"the frame at byte {frame.Position} holds more than its {frame.Count} changes, and its checksum fits; open it with the version that wrote it");
    }

    /// <summary>
    /// After the death of the process alone, the last frame may stand in the page cache and nowhere else, even as pages that count as clean because an fsync
    /// of them failed. It is seen from now on, so it is written once more, as it is, and synced.
    /// </summary>
    private void WriteAgain(JournalFrameHeader last)
    {
        if (FrameAt(last.Position) is null) throw new IOException($"{path} changed while it was read");
        file.Write(last.Position, _frame.AsSpan(0, JournalFrameHeader.Size + last.Length));
    }

    /// <summary>A torn frame is the last one. A good one behind the bad place is the witness that something safe has gone bad.</summary>
    private void RefuseToCutWhatWasSafe(long bad)
    {
        var window = ArrayPool<byte>.Shared.Rent(Window);
        try
        {
            for (var at = bad + 1; at + JournalFrameHeader.Size <= _length;)
            {
                var bytes = window.AsSpan(0, file.Read(at, window));
                var searched = 0;
                while (bytes[searched..].IndexOf(JournalFrameHeader.Magic) is var found and >= 0)
                {
                    searched += found;
                    if (FrameAt(at + searched) is not null)
                        throw Corrupt(bad, $"no valid frame begins here, but the one at byte {at + searched} was written when all before it was safe; restore the file from a copy");
                    searched++;
                }

                // The last bytes are looked at again: the magic may stand across the edge of the window.
                at += Math.Max(searched, bytes.Length - JournalFrameHeader.Magic.Length + 1);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }

    /// <summary>Leaves the frame in <see cref="_frame"/>.</summary>
    /// <returns>Null where there is no whole frame with a fitting checksum.</returns>
    private JournalFrameHeader? FrameAt(long position)
    {
        var head = _frame.AsSpan(0, JournalFrameHeader.Size);
        if (file.Read(position, head) != head.Length || !JournalFrameHeader.TryRead(head, out var frame)) return null;
        if (frame.Position != position || frame.End > _length) return null;
        if (_frame.Length < head.Length + frame.Length) Array.Resize(ref _frame, Math.Max(head.Length + frame.Length, _frame.Length * 2));

        var changes = _frame.AsSpan(head.Length, frame.Length);
        var whole = file.Read(position + head.Length, changes) == frame.Length && JournalFrameHeader.Matches(_frame.AsSpan(0, head.Length), changes, _seed);
        return whole ? frame : null;
    }

    private FaultException Corrupt(long position, string what) => new(Fault.Corrupt, $"{path}, byte {position}: {what}");
}
