using System.Numerics;
using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series.Rows;

/// <summary>The values of one stored column in <see cref="RowColumns"/>.</summary>
/// <param name="type">Of its values.</param>
/// <param name="lasting">It will live long: the collector is not to move it.</param>
internal sealed class RowColumn(MeasureType type, bool lasting = false)
{
    private byte[] _texts = [];
    private int _textsUsed;
    private bool _borrowed;

    public MeasureType Type { get; } = type;

    /// <summary>
    /// The bits of a Double, a Bigint, nanoseconds of a Timestamp, 0 or 1 of a Boolean; for Varchar where the text is: its place in the upper 32 bits, its
    /// length in the lower. Undefined where the row is null.
    /// </summary>
    public long[] Bits { get; } = GC.AllocateArray<long>(RowColumns.Capacity, lasting);

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
        if (_borrowed) (_texts, _borrowed) = ([], false);
    }

    public void Set(int row, long bits)
    {
        Bits[row] = bits;
        Valid[row >> 6] |= 1UL << row;
    }

    public void Set(int row, ReadOnlySpan<byte> text) => Set(row, Keep(text));

    /// <summary>Takes some rows of another column, or of this one. The texts are not copied: the other's <see cref="Clear"/> must not come before this one's.</summary>
    /// <param name="other">Of the same type.</param>
    /// <param name="rows">Its rows, ascending: they become the first ones here.</param>
    public void Pick(RowColumn other, ReadOnlySpan<int> rows)
    {
        Span<ulong> valid = stackalloc ulong[RowColumns.Capacity / 64];
        valid.Clear();
        for (var i = 0; i < rows.Length; i++)
        {
            Bits[i] = other.Bits[rows[i]];
            if (other.IsValid(rows[i])) valid[i >> 6] |= 1UL << i;
        }

        valid.CopyTo(Valid);
        if (other != this) (_texts, _textsUsed, _borrowed) = (other._texts, other._texts.Length, true);
    }

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
