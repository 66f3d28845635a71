using System.Buffers;
using Millrace.Contracts.Records;

namespace Millrace.Storage.Log;

/// <summary>Records of one partition on their way to the disk, laid out as they will stand there: frame after frame.</summary>
/// <remarks>
/// A partition has two: one is filled under its lock while the commit thread writes the other. Offsets and checksums
/// come last, in <see cref="Seal"/>, as they depend on where the write ends up.
/// </remarks>
internal sealed class PendingRecords(int maxFrameSize)
{
    private const int SmallestBuffer = 16 * 1024;
    private const int KeptBuffer = 1024 * 1024;

    private byte[] _bytes = [];
    private int _used;
    private int _frameAt;
    private int _frameCount;
    private long _frameArrival;

    public int Count { get; private set; }

    public int Bytes => _used;

    /// <summary>The number of the commit that will write this.</summary>
    public long Commit { get; set; }

    public ListenerSet Listeners { get; set; } = new();

    /// <param name="record">Copied.</param>
    /// <param name="size">What the record takes, its header included.</param>
    /// <param name="arrivalNs">Not smaller than that of the last one.</param>
    public void Add(in Record record, int size, long arrivalNs)
    {
        MakeRoom(size + FrameHeader.Size);
        var delta = arrivalNs - _frameArrival;
        if (_frameCount == 0 || _used - _frameAt + size > maxFrameSize || delta > uint.MaxValue)
        {
            CloseFrame();
            _frameAt = _used;
            _used += FrameHeader.Size;
            _frameArrival = arrivalNs;
            delta = 0;
        }

        var into = _bytes.AsSpan(_used, size);
        new RecordHeader(
            record.Payload.Length, record.Topic.Length, record.Key.Length, record.Properties.Length, record.Flags, (uint)delta).Write(into);
        into = into[RecordHeader.Size..];
        record.Topic.CopyTo(into);
        into = into[record.Topic.Length..];
        record.Key.CopyTo(into);
        into = into[record.Key.Length..];
        if (!record.Properties.IsEmpty)
        {
            record.Properties.CopyTo(into);
            into = into[record.Properties.Length..];
        }

        record.Payload.CopyTo(into);
        _used += size;
        _frameCount++;
        Count++;
    }

    /// <summary>Gives the frames their offsets and checksums. May be called again, for another file.</summary>
    /// <param name="firstOffset">The end of the log: all before it is durable.</param>
    /// <param name="seed">The CRC of the segment's header.</param>
    /// <returns>The frames as bytes.</returns>
    public ReadOnlyMemory<byte> Seal(long firstOffset, uint seed)
    {
        CloseFrame();
        var offset = firstOffset;
        for (var at = 0; at < _used;)
        {
            FrameHeader.TryRead(_bytes.AsSpan(at), out var draft);
            var frame = draft with { FirstOffset = offset, Durable = firstOffset };
            var bytes = _bytes.AsSpan(at, (int)frame.FrameSize);
            frame.Write(bytes);
            FrameHeader.Seal(bytes, seed);
            offset = frame.EndOffset;
            at += bytes.Length;
        }

        return _bytes.AsMemory(0, _used);
    }

    /// <summary>Forgets the records. Keeps the memory, unless a burst made it large.</summary>
    public void Clear()
    {
        if (_bytes.Length > KeptBuffer && _used < _bytes.Length / 4)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }

        _used = 0;
        _frameCount = 0;
        Count = 0;
        Listeners.Clear();
    }

    private void CloseFrame()
    {
        if (_frameCount == 0) return;
        var frame = new FrameHeader(_used - _frameAt - FrameHeader.Size, _frameCount, 0, 0, _frameArrival);
        frame.Write(_bytes.AsSpan(_frameAt));
        _frameCount = 0;
    }

    private void MakeRoom(int size)
    {
        if (_bytes.Length - _used >= size) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(_used + size, _bytes.Length * 2), SmallestBuffer));
        _bytes.AsSpan(0, _used).CopyTo(larger);
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
