namespace Millrace.Testing.Storage;

/// <summary>The contents of a file in memory.</summary>
internal sealed class MemoryBytes
{
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public Span<byte> All => _bytes.AsSpan(0, Length);

    public int Read(long at, Span<byte> into)
    {
        if (at >= Length) return 0;
        var count = (int)Math.Min(into.Length, Length - at);
        _bytes.AsSpan((int)at, count).CopyTo(into);
        return count;
    }

    public void Write(long at, ReadOnlySpan<byte> bytes)
    {
        if (at + bytes.Length > Length) SetLength(at + bytes.Length);
        bytes.CopyTo(_bytes.AsSpan((int)at));
    }

    public void SetLength(long length)
    {
        if (length > _bytes.Length) Array.Resize(ref _bytes, (int)Math.Max(length, _bytes.Length * 2));
        if (length < Length) _bytes.AsSpan((int)length, Length - (int)length).Clear();
        Length = (int)length;
    }

    public MemoryBytes Copy()
    {
        var copy = new MemoryBytes();
        copy.Write(0, All);
        return copy;
    }
}
