using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Millrace.Flows.Windows;

/// <summary>Marks what a flow with windows appends to a log, so that after a crash it can tell what is there: an MQTT 5 user property, <c>millrace-window: flow/number</c>.</summary>
internal sealed class RowMark(string flow)
{
    private const byte UserProperty = 0x26;

    private readonly byte[] _before = [UserProperty, .. Sized("millrace-window")];
    private readonly byte[] _flow = Encoding.UTF8.GetBytes(flow + "/");

    /// <summary>The properties of a message, with the mark behind them.</summary>
    public byte[] Add(ReadOnlySpan<byte> properties, long number) =>
        [.. properties, .. _before, .. Sized(Encoding.UTF8.GetString(_flow) + number.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The number behind the last mark, where it is this flow's; else 0.</summary>
    public long Find(ReadOnlySpan<byte> properties)
    {
        var at = properties.LastIndexOf(_before);
        if (at < 0) return 0;
        var value = properties[(at + _before.Length)..];
        if (value.Length < sizeof(ushort)) return 0;
        var length = BinaryPrimitives.ReadUInt16BigEndian(value);
        value = value[sizeof(ushort)..];
        if (value.Length != length || !value.StartsWith(_flow)) return 0;
        return Utf8Parser.TryParse(value[_flow.Length..], out long number, out var used) && used == length - _flow.Length ? number : 0;
    }

    private static byte[] Sized(string text)
    {
        var bytes = new byte[sizeof(ushort) + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(bytes.Length - sizeof(ushort)));
        Encoding.UTF8.GetBytes(text, bytes.AsSpan(sizeof(ushort)));
        return bytes;
    }
}
