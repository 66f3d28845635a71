using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.Storage.Files;

/// <summary>CRC-32C (Castagnoli), as iSCSI and ext4 have it, with the processor's own instruction.</summary>
/// <remarks>
/// The instruction answers after three cycles but takes new work every cycle. So three lanes run side by side over neighbouring
/// blocks, and what each found is moved past the blocks behind it by a table: a CRC of "these bits, then so many zeros" is linear in the bits.
/// </remarks>
public static class Crc32C
{
    private const int Lane = 1024;
    private static readonly uint[] PastOneLane = Table(Lane);
    private static readonly uint[] PastTwoLanes = Table(2 * Lane);

    public static uint Of(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>The CRC of what <paramref name="crc"/> is of, followed by <paramref name="bytes"/>.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        while (bytes.Length >= 3 * Lane)
        {
            crc = ThreeLanes(crc, bytes);
            bytes = bytes[(3 * Lane)..];
        }

        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes)) crc = BitOperations.Crc32C(crc, Little(word));
        foreach (var one in bytes[(bytes.Length & ~7)..]) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }

    private static uint ThreeLanes(uint crc, ReadOnlySpan<byte> bytes)
    {
        var first = MemoryMarshal.Cast<byte, ulong>(bytes[..Lane]);
        var second = MemoryMarshal.Cast<byte, ulong>(bytes.Slice(Lane, Lane))[..first.Length];
        var third = MemoryMarshal.Cast<byte, ulong>(bytes.Slice(2 * Lane, Lane))[..first.Length];
        uint a = crc, b = 0, c = 0;
        for (var i = 0; i < first.Length; i++)
        {
            a = BitOperations.Crc32C(a, Little(first[i]));
            b = BitOperations.Crc32C(b, Little(second[i]));
            c = BitOperations.Crc32C(c, Little(third[i]));
        }

        return Shift(PastTwoLanes, a) ^ Shift(PastOneLane, b) ^ c;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Little(ulong word) => BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);

    private static uint Shift(uint[] table, uint crc) =>
        table[crc & 0xFF] ^ table[256 + ((crc >> 8) & 0xFF)] ^ table[512 + ((crc >> 16) & 0xFF)] ^ table[768 + (crc >> 24)];

    private static uint[] Table(int zeros)
    {
        var ofBit = new uint[32];
        for (var bit = 0; bit < 32; bit++)
        {
            var crc = 1u << bit;
            for (var i = 0; i < zeros / 8; i++) crc = BitOperations.Crc32C(crc, 0UL);
            ofBit[bit] = crc;
        }

        var table = new uint[4 * 256];
        for (var i = 0; i < table.Length; i++)
            for (var bit = 0; bit < 8; bit++)
                if ((i & (1 << bit)) != 0) table[i] ^= ofBit[(i >> 8 << 3) + bit];
        return table;
    }
}
