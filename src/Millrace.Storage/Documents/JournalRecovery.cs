using System.Text;
using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Contracts.Documents;
using Millrace.Storage.Files;

namespace Millrace.Storage.Documents;

/// <summary>Reads what an earlier life left, and makes sure that it stays.</summary>
internal sealed class JournalRecovery(string path, IFile file, DocumentState state)
{
    private readonly long _length = file.Length;

    // Most frames are small: they are read many at a time.
    private byte[] _window = new byte[64 * 1024];
    private long _windowAt;
    private int _windowLength;
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

    /// <summary>Reads a journal that stays as it is.</summary>
    /// <returns>Where its whole frames end; behind that stands what was never told as safe.</returns>
    /// <exception cref="FaultException">Corrupt, with file and byte.</exception>
    public static long Check(string path, IFile file, DocumentState state)
    {
        var journal = new JournalRecovery(path, file, state);
        var (_, end, _) = journal.Scan();
        if (end < journal._length) journal.RefuseToCutWhatWasSafe(end);
        return end;
    }

    private JournalFile Read(ILogger logger)
    {
        var (header, end, last) = Scan();
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

    private (JournalHeader Header, long End, JournalFrameHeader? Last) Scan()
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

        return (header, end, last);
    }

    private void Apply(JournalFrameHeader frame)
    {
        var rest = Window(frame.Position, frame.FrameSize)[JournalFrameHeader.Size..frame.FrameSize];
        for (var i = 0; i < frame.Count; i++)
        {
            if (!ChangeBytes.TryRead(ref rest, out var collection, out var key, out var value, out var removed))
                throw Corrupt(frame.End - rest.Length, Unknown(frame));
            state.Recover(new DocumentChange(Encoding.UTF8.GetString(collection), Encoding.UTF8.GetString(key), removed ? null : value.ToArray()));
        }

        if (!rest.IsEmpty) throw Corrupt(frame.End - rest.Length, Unknown(frame));
    }

    private static string Unknown(JournalFrameHeader frame) =>
        $"no change that this version can read, though the checksum of the frame at byte {frame.Position} fits; open it with the version that wrote it";

    /// <summary>
    /// After the death of the process alone, the last frame may stand in the page cache and nowhere else, even as pages that count as clean because an fsync
    /// of them failed. It is seen from now on, so it is written once more, as it is, and synced.
    /// </summary>
    private void WriteAgain(JournalFrameHeader last)
    {
        if (FrameAt(last.Position) is null) throw new IOException($"{path} changed while it was read");
        file.Write(last.Position, Window(last.Position, last.FrameSize)[..last.FrameSize]);
    }

    /// <summary>A torn frame is the last one. A good one behind the bad place is the witness that something safe has gone bad.</summary>
    private void RefuseToCutWhatWasSafe(long bad)
    {
        for (var at = bad + 1; at + JournalFrameHeader.Size <= _length;)
        {
            var bytes = Window(at, JournalFrameHeader.Size);
            var found = bytes.IndexOf(JournalFrameHeader.Magic);
            // The last bytes are looked at again: the magic may stand across the edge of the window.
            at += found < 0 ? bytes.Length - JournalFrameHeader.Magic.Length + 1 : found;
            if (found < 0) continue;
            if (FrameAt(at) is not null)
                throw Corrupt(bad, $"no valid frame begins here, but one at byte {at} was written when all before it was safe; restore the file from a copy");
            at++;
        }
    }

    /// <returns>Null where there is no whole frame with a fitting checksum.</returns>
    private JournalFrameHeader? FrameAt(long position)
    {
        if (position + JournalFrameHeader.Size > _length) return null;
        if (!JournalFrameHeader.TryRead(Window(position, JournalFrameHeader.Size), out var frame)) return null;
        if (frame.Position != position || frame.End > _length) return null;
        return JournalFrameHeader.Matches(Window(position, frame.FrameSize)[..frame.FrameSize], _seed) ? frame : null;
    }

    /// <summary>What stands in the file from here on: so much at least, and as far as it has been read already.</summary>
    private ReadOnlySpan<byte> Window(long position, int least)
    {
        if (position < _windowAt || position + least > _windowAt + _windowLength)
        {
            if (_window.Length < least) _window = new byte[least];
            _windowAt = position;
            _windowLength = file.Read(position, _window);
            if (_windowLength < least) throw new IOException($"{path} became shorter while it was read");
        }

        return _window.AsSpan((int)(position - _windowAt), (int)(_windowAt + _windowLength - position));
    }

    private FaultException Corrupt(long position, string what) => new(Fault.Corrupt, $"{path}, byte {position}: {what}");
}
