using System.Runtime.CompilerServices;

namespace Millrace.Storage.Series.Blocks;

/// <summary>A <see cref="Frame"/> as bytes: base, width, exceptions, and the distances.</summary>
internal static class FrameCodec
{
    [SkipLocalsInit]
    public static void Encode(ReadOnlySpan<long> values, Frame frame, ByteSink into)
    {
        into.Byte(frame.Width);
        into.Signed(frame.From);
        var mask = frame.Width == 64 ? ulong.MaxValue : (1UL << frame.Width) - 1;
        Span<long> distances = stackalloc long[BlockLimits.Rows];
        Span<long> outside = stackalloc long[BlockLimits.Rows];
        Span<short> rows = stackalloc short[BlockLimits.Rows];
        var exceptions = 0;
        var highest = 0UL;
        for (var i = 0; i < values.Length; i++)
        {
            var distance = values[i] - frame.From;
            distances[i] = distance & (long)mask;
            if ((ulong)distance <= mask) continue;
            var far = ZigZag.Encode(distance);
            highest |= far;
            distances[i] = 0;
            outside[exceptions] = (long)far;
            rows[exceptions++] = (short)i;
        }

        into.Varint((ulong)exceptions);
        if (exceptions > 0)
        {
            var width = BitPacking.WidthOf(highest);
            into.Byte(width);
            var behind = -1;
            foreach (var row in rows[..exceptions]) RowGaps.Write(row, ref behind, into);
            BitPacking.Pack(outside[..exceptions], width, into);
        }

        BitPacking.Pack(distances[..values.Length], frame.Width, into);
    }

    /// <param name="from">Stands behind the numbers afterwards.</param>
    /// <param name="values">As many as were encoded.</param>
    /// <param name="first">Those before it are undefined.</param>
    /// <param name="end">This one and those behind it too.</param>
    /// <exception cref="InvalidDataException">No encoder wrote this.</exception>
    [SkipLocalsInit]
    public static void Decode(ref ByteParser from, scoped Span<long> values, int first, int end)
    {
        var width = Width(ref from);
        var plus = from.Signed();
        var exceptions = from.Count(values.Length);
        if (exceptions == 0)
        {
            Unpack(from.Bytes(BitPacking.BytesOf(values.Length, width)), width, plus, values, first, end);
            return;
        }

        Span<short> rows = stackalloc short[BlockLimits.Rows];
        Span<long> outside = stackalloc long[BlockLimits.Rows];
        rows = rows[..exceptions];
        outside = outside[..exceptions];
        var outsideWidth = Width(ref from);
        var behind = -1;
        foreach (ref var row in rows) row = (short)(behind = RowGaps.Read(ref from, behind, values.Length));
        BitPacking.Unpack(from.Bytes(BitPacking.BytesOf(exceptions, outsideWidth)), outsideWidth, 0, outside);
        Unpack(from.Bytes(BitPacking.BytesOf(values.Length, width)), width, plus, values, first, end);
        for (var i = 0; i < rows.Length; i++) values[rows[i]] = plus + ZigZag.Decode((ulong)outside[i]);
    }

    // Every eighth number begins with a byte of its own.
    private static void Unpack(ReadOnlySpan<byte> bytes, int width, long plus, Span<long> values, int first, int end)
    {
        first &= ~7;
        if (first < end) BitPacking.Unpack(bytes[BitPacking.BytesOf(first, width)..], width, plus, values[first..end]);
    }

    private static int Width(ref ByteParser from)
    {
        var width = from.Byte();
        if (width is > BitPacking.MostPacked and not 64) ByteParser.Broken($"numbers of {width} bits");
        return width;
    }
}
