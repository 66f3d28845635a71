using System.Buffers;
using System.Numerics;

namespace Millrace.Storage.Lake.Parquet;

/// <summary>Parquet's hybrid of runs and packed bits for small numbers.</summary>
internal static class RunWriter
{
    /// <summary>One run of equal values that take one bit.</summary>
    public static void Run(ArrayBufferWriter<byte> into, int count, bool value)
    {
        Varint(into, (uint)count << 1);
        into.Write([value ? (byte)1 : (byte)0]);
    }

    /// <summary>Numbers packed with as many bits as the largest takes; before them a byte says how many.</summary>
    public static void Packed(ArrayBufferWriter<byte> into, ReadOnlySpan<int> values, int largest)
    {
        var bits = Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)largest));
        var groups = (values.Length + 7) / 8;
        into.Write([(byte)bits]);
        Varint(into, ((uint)groups << 1) | 1);
        var bytes = into.GetSpan(groups * bits)[..(groups * bits)];
        bytes.Clear();
        for (var i = 0; i < values.Length; i++)
        {
            var at = (long)i * bits;
            for (var value = (ulong)(uint)values[i] << (int)(at & 7); value != 0; value >>= 8, at += 8) bytes[(int)(at >> 3)] |= (byte)value;
        }

        into.Advance(groups * bits);
    }

    private static void Varint(ArrayBufferWriter<byte> into, uint value)
    {
        for (; value > 0x7F; value >>= 7) into.Write([(byte)(value | 0x80)]);
        into.Write([(byte)value]);
    }
}
