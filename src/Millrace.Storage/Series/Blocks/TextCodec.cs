using System.Runtime.CompilerServices;
using Millrace.Storage.Files;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Blocks;

/// <summary>The texts of a column in a block: each different one once, and which one each row has; or all of them, where most differ.</summary>
internal static class TextCodec
{
    private const int Codes = 1;
    private const int Compressed = 2;

    /// <summary>A dictionary pays where each text comes so often on average.</summary>
    private const int FewestUses = 2;

    /// <param name="column">Whose texts they are.</param>
    /// <param name="places">Where each text is, as in <see cref="RowColumn.Bits"/>; at least one.</param>
    /// <param name="into">Gets them.</param>
    [SkipLocalsInit]
    public static void Encode(RowColumn column, ReadOnlySpan<long> places, ByteSink into)
    {
        Span<long> different = stackalloc long[BlockLimits.Rows];
        Span<long> codes = stackalloc long[BlockLimits.Rows];
        codes = codes[..places.Length];
        var count = Different(column, places, different, codes);
        var flags = count * FewestUses <= places.Length ? Codes : 0;
        var texts = flags == Codes ? different[..count] : places;
        var bytes = new ByteSink();
        foreach (var place in texts) bytes.Bytes(column.TextAt(place));
        var compressed = new byte[bytes.Count];
        var length = TextCompression.TryCompress(bytes.Written, compressed);
        if (length > 0) flags |= Compressed;

        into.Byte(flags);
        if ((flags & Codes) != 0)
        {
            into.Varint((ulong)count);
            IntCodec.Encode(codes, into);
        }

        for (var i = 0; i < texts.Length; i++) codes[i] = (uint)texts[i];
        IntCodec.Encode(codes[..texts.Length], into);
        if (length > 0) into.Varint((ulong)length);
        into.Bytes(length > 0 ? compressed.AsSpan(0, length) : bytes.Written);
    }

    /// <param name="from">Stands behind the texts afterwards.</param>
    /// <param name="places">As many as were encoded; gets where each is in <paramref name="into"/>.</param>
    /// <param name="into">Keeps the texts.</param>
    /// <exception cref="InvalidDataException">No encoder wrote this.</exception>
    [SkipLocalsInit]
    public static void Decode(ref ByteParser from, scoped Span<long> places, RowColumn into)
    {
        var flags = from.Byte();
        if (flags > (Codes | Compressed)) ByteParser.Broken($"texts of kind {flags}");
        Span<long> texts = stackalloc long[BlockLimits.Rows];
        texts = texts[..places.Length];
        if ((flags & Codes) != 0)
        {
            texts = texts[..from.Count(places.Length)];
            if (texts.IsEmpty) ByteParser.Broken("no texts");
            IntCodec.Decode(ref from, places);
        }

        IntCodec.Decode(ref from, texts);
        var total = 0L;
        foreach (var length in texts)
            if ((ulong)length > BlockLimits.TextBytes || (total += length) > BlockLimits.TextBytes) ByteParser.Broken("its texts are too long");
        var at = Keep(ref from, (flags & Compressed) != 0, (int)total, into);
        foreach (ref var text in texts)
        {
            var length = text;
            text = (at << 32) | length;
            at += length;
        }

        if ((flags & Codes) == 0) texts.CopyTo(places);
        else
            foreach (ref var place in places)
                place = (ulong)place < (ulong)texts.Length ? texts[(int)place] : Unknown(place);
    }

    private static long Keep(ref ByteParser from, bool compressed, int total, RowColumn into)
    {
        if (!compressed) return into.Keep(from.Bytes(total)) >> 32;
        var bytes = new byte[total];
        TextCompression.Decompress(from.Bytes(from.Count(BlockLimits.TextBytes)), bytes);
        return into.Keep(bytes) >> 32;
    }

    private static long Unknown(long code)
    {
        ByteParser.Broken($"a row with text {code}, which is not there");
        return 0;
    }

    /// <summary>Numbers the different texts in the order they come.</summary>
    /// <returns>How many there are.</returns>
    [SkipLocalsInit]
    private static int Different(RowColumn column, ReadOnlySpan<long> places, Span<long> different, Span<long> codes)
    {
        const int slots = BlockLimits.Rows * 2;
        Span<short> numbers = stackalloc short[slots];
        numbers.Fill(-1);
        var count = 0;
        for (var i = 0; i < places.Length; i++)
        {
            if (i > 0 && places[i] == places[i - 1])
            {
                codes[i] = codes[i - 1];
                continue;
            }

            var text = column.TextAt(places[i]);
            var slot = (int)(Crc32C.Of(text) % slots);
            while (numbers[slot] >= 0 && !column.TextAt(different[numbers[slot]]).SequenceEqual(text)) slot = (slot + 1) % slots;
            if (numbers[slot] < 0)
            {
                numbers[slot] = (short)count;
                different[count++] = places[i];
            }

            codes[i] = numbers[slot];
        }

        return count;
    }
}
