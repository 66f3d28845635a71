using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Windows;

/// <summary>Decimals in a snapshot: 16 bytes of coefficient, the exponent.</summary>
internal static class Numbers
{
    public static void Write(BinaryWriter writer, Number number)
    {
        writer.Write((ulong)number.Coefficient);
        writer.Write((ulong)(number.Coefficient >> 64));
        writer.Write((short)number.Exponent);
    }

    public static Number Read(BinaryReader reader)
    {
        var low = reader.ReadUInt64();
        var high = reader.ReadUInt64();
        return Number.TryOf((Int128)new UInt128(high, low), reader.ReadInt16(), out var number) ? number : throw new InvalidDataException("a number is out of range");
    }
}
