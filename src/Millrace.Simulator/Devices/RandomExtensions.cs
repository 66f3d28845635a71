using System.Buffers.Binary;

namespace Millrace.Simulator.Devices;

/// <summary>Chance in the shapes devices need.</summary>
internal static class RandomExtensions
{
    private const string Alphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    public static double Between(this Random random, double least, double most) => least + ((most - least) * random.NextDouble());

    public static TimeSpan Between(this Random random, TimeSpan least, TimeSpan most) => least + ((most - least) * random.NextDouble());

    /// <summary>Around 0, nearly always within three times <paramref name="spread"/>.</summary>
    public static double Noise(this Random random, double spread)
    {
        // The sum of twelve uniform values is near enough to a normal one, and never far out.
        var sum = -6.0;
        for (var i = 0; i < 12; i++) sum += random.NextDouble();
        return sum * spread;
    }

    public static string Alphanumeric(this Random random, int length) => new(random.GetItems<char>(Alphanumerics, length));

    /// <summary>Version 4 of RFC 9562: nothing but chance.</summary>
    public static string Uuid(this Random random) => Uuid(random, 4, DateTimeOffset.UnixEpoch);

    /// <summary>Version 7 of RFC 9562: begins with the time, so that the same chance at another time makes another one.</summary>
    public static string UuidOf(this Random random, DateTimeOffset time) => Uuid(random, 7, time);

    private static string Uuid(Random random, int version, DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        if (version == 7) BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeMilliseconds() << 16 | random.NextInt64(1 << 16));
        bytes[6] = (byte)((bytes[6] & 0x0F) | (version << 4));
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
