using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Blocks;

/// <summary>One column in one block: which rows are null, and the values of the others. A column without values has no piece.</summary>
internal static class PieceCodec
{
    private const int NoNulls = 0;
    private const int SomeNulls = 1;

    public static void Encode(RowColumn column, int rows, ByteSink into)
    {
        Span<long> values = stackalloc long[BlockLimits.Rows];
        var count = 0;
        for (var row = 0; row < rows; row++)
            if (column.IsValid(row)) values[count++] = column.Bits[row];
        if (count == 0) return;
        values = values[..count];
        into.Byte(count == rows ? NoNulls : SomeNulls);
        if (count < rows)
            for (var word = 0; word < Words(rows); word++) into.Long((long)Masked(column.Valid[word], word, rows));
        if (column.Type == MeasureType.Varchar) TextCodec.Encode(column, values, into);
        else IntCodec.Encode(values, into);
    }

    /// <exception cref="InvalidDataException">No encoder wrote this.</exception>
    public static void Decode(ReadOnlySpan<byte> piece, int rows, RowColumn into)
    {
        into.Clear();
        if (piece.IsEmpty) return;
        var from = new ByteParser(piece);
        var kind = from.Byte();
        if (kind > SomeNulls) ByteParser.Broken($"nulls of kind {kind}");
        var count = 0;
        for (var word = 0; word < Words(rows); word++)
        {
            var valid = Masked(kind == NoNulls ? ulong.MaxValue : (ulong)from.Long(), word, rows);
            into.Valid[word] = valid;
            count += System.Numerics.BitOperations.PopCount(valid);
        }

        var values = into.Bits.AsSpan(0, count);
        if (into.Type == MeasureType.Varchar) TextCodec.Decode(ref from, values, into);
        else IntCodec.Decode(ref from, values);
        if (!from.AtEnd) ByteParser.Broken("it goes on behind its end");
        for (var row = rows - 1; row >= 0 && count < row + 1; row--)
            if (into.IsValid(row)) into.Bits[row] = into.Bits[--count];
    }

    /// <summary>Without the bits behind the last row.</summary>
    private static ulong Masked(ulong valid, int word, int rows) => rows - (word * 64) is var left and < 64 ? valid & ((1UL << left) - 1) : valid;

    private static int Words(int rows) => (rows + 63) / 64;
}
