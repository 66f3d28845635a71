using System.Buffers;

namespace Millrace.Sql.Rules;

/// <summary>Bytes that an expression makes, good until the message is done.</summary>
internal sealed class TextBuffer : IBufferWriter<byte>
{
    private const int MaxKept = 64 * 1024;

    private readonly RuleContext _context;
    private byte[] _bytes = new byte[256];

    public TextBuffer(RuleContext context) => _context = context;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > MaxKept) _bytes = new byte[256];
    }

    /// <summary>Takes back what was written from there on.</summary>
    public void CutTo(int length) => Length = length;

    /// <summary>As the extension of all buffer writers does, without going through the interface.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - Length < bytes.Length) Grow(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Advance(bytes.Length);
    }

    public void Advance(int count)
    {
        Length += count;
        _context.Count(count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(Math.Max(1, sizeHint));
        return _bytes.AsSpan(Length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(1, sizeHint));
        return _bytes.AsMemory(Length);
    }

    private void Grow(int room)
    {
        if (_bytes.Length - Length < room) Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max((long)Length + room, _bytes.Length * 2L)));
    }
}
