using System.Globalization;
using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Records;
using Millrace.Storage.Log;

namespace Millrace.Testing.Storage;

/// <summary>Things of which only the interesting part matters to a test.</summary>
public static class Some
{
    /// <summary>Small enough that a test of a few hundred records sees several segments and frames.</summary>
    public static LogOptions LogOptions { get; } = new()
    {
        SegmentSize = ByteSize.KiB(4),
        MaxPending = ByteSize.KiB(64),
        MaxRecordSize = ByteSize.KiB(16),
        MaxFrameSize = new ByteSize(600),
    };

    public static Message Message(string payload = "21.4", string topic = "plant/3/temp", string key = "thermometer-3") =>
        new(Encoding.UTF8.GetBytes(topic), Encoding.UTF8.GetBytes(key), [], Encoding.UTF8.GetBytes(payload), RecordFlags.Qos1);

    public static Message Message(int number) => Message(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Any record at all: empty parts, long parts, every flag.</summary>
    public static Message Message(Random random) =>
        new(Bytes(random, 40), Bytes(random, 20), random.Next(4) == 0 ? Bytes(random, 30) : [], Bytes(random, random.Next(20) == 0 ? 3000 : 200), (RecordFlags)random.Next(8));

    private static byte[] Bytes(Random random, int most)
    {
        var bytes = new byte[random.Next(most + 1)];
        random.NextBytes(bytes);
        return bytes;
    }
}
