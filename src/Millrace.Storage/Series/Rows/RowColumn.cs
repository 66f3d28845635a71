using System.Numerics;
using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series.Rows;

/// <summary>The values of one stored column in <see cref="RowColumns"/>.</summary>
internal sealed class RowColumn(MeasureType type)
{
    private byte[] _texts = [];
    private int _textsUsed;

    public MeasureType Type { get; } = type;

    /// <summary>
    /// The bits of a Double, a Bigint, nanoseconds of a Timestamp, 0 or 1 of a Boolean; for Varchar where the text is: its place in the upper 32 bits, its
    /// length in the lower. Undefined where the row is null.
    /// </summary>
    public long[] Bits { get; } = new long[RowColumns.Capacity];

    /// <summary>A bit for each row that is not null, the first row lowest.</summary>
    public ulong[] Valid { get; } = new ulong[RowColumns.Capacity / 64];

    public bool IsValid(int row) => (Valid[row >> 6] & (1UL << row)) != 0;

    /// <summary>UTF-8, until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Text(int row) => TextAt(Bits[row]);

    /// <param name="place">As in <see cref="Bits"/>.</param>
    public ReadOnlySpan<byte> TextAt(long place) => _texts.AsSpan((int)(place >> 32), (int)place);

    /// <summary>All rows null, and no texts.</summary>
    public void Clear()
    {
        Valid.AsSpan().Clear();
        _textsUsed = 0;
    }

    public void Set(int row, long bits)
    {
        Bits[row] = bits;
        Valid[row >> 6] |= 1UL << row;
    }

    public void Set(int row, ReadOnlySpan<byte> text) => Set(row, Keep(text));

    /// <summary>Copies a text that several rows may have.</summary>
    /// <returns>What to put into <see cref="Bits"/>.</returns>
    public long Keep(ReadOnlySpan<byte> text)
    {
        if (_texts.Length - _textsUsed < text.Length) Array.Resize(ref _texts, (int)BitOperations.RoundUpToPowerOf2((uint)(_textsUsed + text.Length)));
        text.CopyTo(_texts.AsSpan(_textsUsed));
        _textsUsed += text.Length;
        return ((long)(_textsUsed - text.Length) << 32) | (uint)text.Length;
    }
}
