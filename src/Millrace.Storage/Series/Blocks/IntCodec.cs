using System.Buffers.Binary;

namespace Millrace.Storage.Series.Blocks;

/// <summary>Whole numbers as few bytes. Everything else in a block is brought down to these.</summary>
internal static class IntCodec
{
    public static void Encode(ReadOnlySpan<long> values, ByteSink into)
    {
        var bytes = into.Take(values.Length * 8);
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes[(i * 8)..], values[i]);
    }

    /// <param name="from">Stands behind the numbers afterwards.</param>
    /// <param name="values">As many as were encoded.</param>
    /// <exception cref="InvalidDataException">No encoder wrote this.</exception>
    public static void Decode(ref ByteParser from, Span<long> values)
    {
        var bytes = from.Bytes(values.Length * 8);
        for (var i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(i * 8)..]);
    }
}
