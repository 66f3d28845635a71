using System.Numerics;
using System.Runtime.CompilerServices;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Blocks;

/// <summary>One column in one block: which rows are null, and the values of the others. A column without values has no piece.</summary>
internal static class PieceCodec
{
    private const int NoNulls = 0;

    /// <summary>The rows that are null are listed; in their places stand values that nobody looks at, so that the others need not be moved apart.</summary>
    private const int FewNulls = 1;

    /// <summary>A bit for each row, set where there is a value; nulls have none.</summary>
    private const int SomeNulls = 2;

    /// <summary>The rows with a value are listed; nulls have none.</summary>
    private const int FewValues = 3;

    /// <summary>A row in a list takes a byte, about; one in a bitmap an eighth of it, and a null a value as small as its neighbours.</summary>
    private const int RowsPerListed = 16;

    [SkipLocalsInit]
    public static void Encode(RowColumn column, int rows, ByteSink into)
    {
        var count = 0;
        for (var word = 0; word < Words(rows); word++) count += BitOperations.PopCount(column.Valid[word] & Mask(word, rows));
        if (count == 0) return;
        var kind = count == rows ? NoNulls : (rows - count) * RowsPerListed <= rows ? FewNulls : count * RowsPerListed <= rows ? FewValues : SomeNulls;
        into.Byte(kind);
        if (kind is FewNulls or FewValues) EncodeList(column, rows, kind == FewValues, into);
        else if (kind == SomeNulls)
            for (var word = 0; word < Words(rows); word++) into.Long((long)(column.Valid[word] & Mask(word, rows)));

        Span<long> values = stackalloc long[BlockLimits.Rows];
        if (kind == NoNulls) EncodeValues(column, column.Bits.AsSpan(0, rows), into);
        else EncodeValues(column, kind == FewNulls ? Filled(column, rows, values) : Dense(column, rows, values), into);
    }

    /// <param name="piece">Without its checksum.</param>
    /// <param name="rows">Of the block.</param>
    /// <param name="first">The values of rows before it are undefined.</param>
    /// <param name="end">Those of this one and behind it too.</param>
    /// <param name="into">Gets them.</param>
    /// <exception cref="InvalidDataException">No encoder wrote this.</exception>
    public static void Decode(ReadOnlySpan<byte> piece, int rows, int first, int end, RowColumn into)
    {
        into.Clear();
        if (piece.IsEmpty) return;
        var from = new ByteParser(piece);
        var kind = from.Byte();
        var count = kind switch
        {
            NoNulls => All(rows, into),
            FewNulls => DecodeList(ref from, rows, false, into),
            FewValues => DecodeList(ref from, rows, true, into),
            SomeNulls => DecodeBitmap(ref from, rows, into),
            _ => 0,
        };
        if (count == 0) ByteParser.Broken($"no values, or nulls of kind {kind}");
        if (count < rows) (first, end) = (0, count);
        DecodeValues(ref from, into.Bits.AsSpan(0, count), first, end, into);
        if (!from.AtEnd) ByteParser.Broken("it goes on behind its end");
        if (count < rows) Spread(into, rows, count);
    }

    private static void EncodeValues(RowColumn column, ReadOnlySpan<long> values, ByteSink into)
    {
        if (column.Type == MeasureType.Varchar) TextCodec.Encode(column, values, into);
        else if (column.Type == MeasureType.Double) DoubleCodec.Encode(values, into);
        else IntCodec.Encode(values, into);
    }

    private static void DecodeValues(ref ByteParser from, scoped Span<long> values, int first, int end, RowColumn into)
    {
        if (into.Type == MeasureType.Varchar) TextCodec.Decode(ref from, values, into);
        else if (into.Type == MeasureType.Double) DoubleCodec.Decode(ref from, values, first, end);
        else IntCodec.Decode(ref from, values, first, end, default(Finish.Nothing));
    }

    private static void EncodeList(RowColumn column, int rows, bool valid, ByteSink into)
    {
        var listed = 0;
        for (var word = 0; word < Words(rows); word++) listed += BitOperations.PopCount(Listed(column, word, rows, valid));
        into.Varint((ulong)listed);
        var behind = -1;
        for (var word = 0; word < Words(rows); word++)
            for (var left = Listed(column, word, rows, valid); left != 0; left &= left - 1)
                RowGaps.Write((word * 64) + BitOperations.TrailingZeroCount(left), ref behind, into);
    }

    private static ulong Listed(RowColumn column, int word, int rows, bool valid) => (valid ? column.Valid[word] : ~column.Valid[word]) & Mask(word, rows);

    /// <returns>How many values there are: as many as rows where the nulls are listed.</returns>
    private static int DecodeList(ref ByteParser from, int rows, bool valid, RowColumn into)
    {
        var listed = from.Count(rows);
        if (!valid) All(rows, into);
        for (int i = 0, row = -1; i < listed; i++)
        {
            row = RowGaps.Read(ref from, row, rows);
            into.Valid[row >> 6] ^= 1UL << row;
        }

        return valid ? listed : rows;
    }

    private static int DecodeBitmap(ref ByteParser from, int rows, RowColumn into)
    {
        var count = 0;
        for (var word = 0; word < Words(rows); word++) count += BitOperations.PopCount(into.Valid[word] = (ulong)from.Long() & Mask(word, rows));
        return count;
    }

    private static int All(int rows, RowColumn into)
    {
        for (var word = 0; word < Words(rows); word++) into.Valid[word] = Mask(word, rows);
        return rows;
    }

    /// <summary>Each null becomes the value before it.</summary>
    private static Span<long> Filled(RowColumn column, int rows, Span<long> values)
    {
        column.Bits.AsSpan(0, rows).CopyTo(values);
        var first = 0;
        while (!column.IsValid(first)) first++;
        for (var word = 0; word < Words(rows); word++)
            for (var nulls = Listed(column, word, rows, valid: false); nulls != 0; nulls &= nulls - 1)
                if ((word * 64) + BitOperations.TrailingZeroCount(nulls) is var row) values[row] = row > first ? values[row - 1] : column.Bits[first];
        return values[..rows];
    }

    private static Span<long> Dense(RowColumn column, int rows, Span<long> values)
    {
        var count = 0;
        for (var row = 0; row < rows; row++)
            if (column.IsValid(row)) values[count++] = column.Bits[row];
        return values[..count];
    }

    /// <summary>Brings values that lie one behind the other to their rows, the last one first.</summary>
    private static void Spread(RowColumn column, int rows, int count)
    {
        for (var word = Words(rows) - 1; word >= 0; word--)
        {
            for (var left = column.Valid[word]; left != 0;)
            {
                var bit = 63 - BitOperations.LeadingZeroCount(left);
                column.Bits[(word * 64) + bit] = column.Bits[--count];
                left ^= 1UL << bit;
            }
        }
    }

    /// <summary>The rows that a word of the bitmap is about.</summary>
    private static ulong Mask(int word, int rows) => rows - (word * 64) is var left and < 64 ? (1UL << left) - 1 : ulong.MaxValue;

    private static int Words(int rows) => (rows + 63) / 64;
}
