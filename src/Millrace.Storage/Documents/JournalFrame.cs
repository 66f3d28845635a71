using System.Buffers;
using System.Runtime.InteropServices;
using Millrace.Contracts.Documents;

namespace Millrace.Storage.Documents;

/// <summary>A frame in the making. Keeps its memory from one to the next.</summary>
internal sealed class JournalFrame
{
    private const int SmallestBuffer = 16 * 1024;
    private const int KeptBuffer = 1024 * 1024;

    private byte[] _bytes = [];
    private int _used = JournalFrameHeader.Size;

    public int Count { get; private set; }

    public void Add(List<DocumentChange> changes)
    {
        foreach (ref readonly var change in CollectionsMarshal.AsSpan(changes))
        {
            MakeRoom(ChangeBytes.SizeOf(change));
            _used += ChangeBytes.Write(change, _bytes.AsSpan(_used));
            Count++;
        }
    }

    /// <summary>The whole frame. May be asked for again, for another file.</summary>
    /// <param name="seed">The CRC of the journal's header.</param>
    /// <param name="position">Where in the file it will begin.</param>
    public ReadOnlySpan<byte> Seal(uint seed, long position)
    {
        MakeRoom(0);
        var frame = _bytes.AsSpan(0, _used);
        new JournalFrameHeader(_used - JournalFrameHeader.Size, Count, position).Seal(frame, seed);
        return frame;
    }

    public void Clear()
    {
        if (_bytes.Length > KeptBuffer)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }

        _used = JournalFrameHeader.Size;
        Count = 0;
    }

    private void MakeRoom(int size)
    {
        if (_bytes.Length - _used >= size) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(_used + size, _bytes.Length * 2), SmallestBuffer));
        if (_bytes.Length > 0)
        {
            _bytes.AsSpan(0, _used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = larger;
    }
}
