using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Millrace.Sql.Payload;

/// <summary>What stands between the value before and the value of a member: comma, name, colon, and the space around them.</summary>
internal sealed class Piece
{
    private const int Block = 32;

    // At least a block, so that it can be compared at once; what is behind the length means nothing.
    private byte[] _bytes = new byte[Block];
    private uint _mask;
    private int _nameStart;
    private int _nameLength;
    private bool _escaped;

    public int Length { get; private set; }

    /// <summary>Of the last value behind it.</summary>
    public int ValueLength { get; set; }

    /// <summary>What is wanted of the member, if anything.</summary>
    public FieldTree? Field { get; private set; }

    public void SetBytes(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length < bytes.Length) _bytes = new byte[Math.Max(bytes.Length, 2 * _bytes.Length)];
        bytes.CopyTo(_bytes);
        Length = bytes.Length;
        _mask = Length >= Block ? uint.MaxValue : (1u << Length) - 1;
    }

    /// <param name="start">Of the name, from the first byte of the piece on.</param>
    public void SetName(int start, int length, bool escaped, FieldTree? field)
    {
        _nameStart = start;
        _nameLength = length;
        _escaped = escaped;
        Field = field;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Stands(ReadOnlySpan<byte> here)
    {
        if (here.Length < Block) return IsBegin(here);
        var equal = Vector256.Equals(Vector256.Create(here), Vector256.Create(_bytes)).ExtractMostSignificantBits();
        return (equal & _mask) == _mask && (Length <= Block || IsBegin(here));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsBegin(ReadOnlySpan<byte> here) => here.StartsWith(_bytes.AsSpan(0, Length));

    /// <param name="at">Where in the payload the piece stands now.</param>
    public FieldPlace NameFrom(int at) => new() { Kind = FieldKind.String, Escaped = _escaped, Start = at + _nameStart, Length = _nameLength };
}
