using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Blocks;

/// <summary>The texts of a column in a block.</summary>
internal static class TextCodec
{
    /// <param name="column">Whose texts they are.</param>
    /// <param name="places">Where each text is, as in <see cref="RowColumn.Bits"/>.</param>
    /// <param name="into">Gets them.</param>
    public static void Encode(RowColumn column, ReadOnlySpan<long> places, ByteSink into)
    {
        foreach (var place in places) into.Varint((uint)place);
        foreach (var place in places) into.Bytes(column.TextAt(place));
    }

    /// <exception cref="InvalidDataException">No encoder wrote this.</exception>
    public static void Decode(ref ByteParser from, Span<long> places, RowColumn into)
    {
        var total = 0;
        foreach (ref var place in places) total += (int)(place = from.Count(BlockLimits.TextBytes - total));
        var at = into.Keep(from.Bytes(total)) >> 32;
        foreach (ref var place in places)
        {
            var length = place;
            place = (at << 32) | length;
            at += length;
        }
    }
}
