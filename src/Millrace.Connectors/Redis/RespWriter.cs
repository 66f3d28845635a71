using System.Buffers;
using System.Buffers.Text;

namespace Millrace.Connectors.Redis;

/// <summary>Writes commands: arrays of bulk strings, so that no byte of a key or value can be taken for another command.</summary>
internal static class RespWriter
{
    private const int LongestNumber = 20;

    /// <summary>Begins a command of so many arguments, its name included.</summary>
    public static void Begin(IBufferWriter<byte> into, int arguments) => Line(into, (byte)'*', arguments);

    public static void Argument(IBufferWriter<byte> into, ReadOnlySpan<byte> value)
    {
        Line(into, (byte)'$', value.Length);
        into.Write(value);
        into.Write("\r\n"u8);
    }

    public static void Argument(IBufferWriter<byte> into, long value)
    {
        Span<byte> text = stackalloc byte[LongestNumber];
        Utf8Formatter.TryFormat(value, text, out var length);
        Argument(into, text[..length]);
    }

    private static void Line(IBufferWriter<byte> into, byte type, int number)
    {
        var line = into.GetSpan(LongestNumber + 3);
        line[0] = type;
        Utf8Formatter.TryFormat(number, line[1..], out var length);
        line[length + 1] = (byte)'\r';
        line[length + 2] = (byte)'\n';
        into.Advance(length + 3);
    }
}
