using System.Buffers;

namespace Millrace.Gateway.Connections;

/// <summary>Bytes to be written, in pooled memory that it holds only while there are any. Guarded by its session's lock.</summary>
internal sealed class OutputBuffer : IBufferWriter<byte>
{
    private const int Smallest = 256;

    private byte[] _bytes = [];

    public int Length { get; private set; }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    public OutputBytes Take()
    {
        var taken = new OutputBytes(_bytes, Length);
        (_bytes, Length) = ([], 0);
        return taken;
    }

    private void Reserve(int sizeHint)
    {
        var needed = Length + Math.Max(sizeHint, 1);
        if (needed <= _bytes.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(_bytes.Length * 2, Smallest)));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
