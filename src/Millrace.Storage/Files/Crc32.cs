using System.Buffers.Binary;

namespace Millrace.Storage.Files;

/// <summary>CRC-32 as gzip has it (RFC 1952, 8), eight bytes at a time.</summary>
public static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Lanes = 8;
    private static readonly uint[] Tables = Make();

    /// <summary>The CRC of what <paramref name="crc"/> is of, followed by <paramref name="bytes"/>.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        for (; bytes.Length >= Lanes; bytes = bytes[Lanes..])
        {
            var low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = Of(7, low) ^ Of(6, low >> 8) ^ Of(5, low >> 16) ^ Of(4, low >> 24) ^ Of(3, high) ^ Of(2, high >> 8) ^ Of(1, high >> 16) ^ Of(0, high >> 24);
        }

        foreach (var one in bytes) crc = Of(0, crc ^ one) ^ (crc >> 8);
        return ~crc;
    }

    private static uint Of(int lane, uint index) => Tables[(lane * 256) + (int)(index & 0xFF)];

    private static uint[] Make()
    {
        var tables = new uint[Lanes * 256];
        for (var i = 0u; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ Polynomial;
            tables[i] = crc;
        }

        for (var i = 256; i < tables.Length; i++) tables[i] = (tables[i - 256] >> 8) ^ tables[tables[i - 256] & 0xFF];
        return tables;
    }
}
