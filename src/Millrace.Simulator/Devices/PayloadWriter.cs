using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Millrace.Simulator.Devices;

/// <summary>Writes one JSON object after the other, in the texts and roundings of the devices it stands for.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A JSON writer over memory holds nothing that must be given back.")]
internal sealed class PayloadWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1024);
    private readonly Utf8JsonWriter _json;

    public PayloadWriter() => _json = new Utf8JsonWriter(_bytes);

    public PayloadWriter Begin()
    {
        _bytes.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        return this;
    }

    public PayloadWriter Add(string name, string value)
    {
        _json.WriteString(name, value);
        return this;
    }

    public PayloadWriter Add(string name, bool value)
    {
        _json.WriteBoolean(name, value);
        return this;
    }

    public PayloadWriter Add(string name, long value)
    {
        _json.WriteNumber(name, value);
        return this;
    }

    public PayloadWriter Add(string name, double value)
    {
        _json.WriteNumber(name, value);
        return this;
    }

    public PayloadWriter Add(string name, double value, int decimals) => Add(name, Math.Round(value, decimals));

    /// <summary>As the automotive simulator writes it: <c>2018-02-15 08:20:18.000000000</c>, milliseconds with the digits of nanoseconds.</summary>
    public PayloadWriter AddCarTime(DateTimeOffset time) =>
        Add("timestamp", time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'000000'", CultureInfo.InvariantCulture));

    /// <summary>ISO 8601 with milliseconds.</summary>
    public PayloadWriter AddIsoTime(string name, DateTimeOffset time) =>
        Add(name, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    /// <summary>Milliseconds since 1970, with three decimals.</summary>
    public PayloadWriter AddEpochTime(string name, DateTimeOffset time)
    {
        const decimal ticksPerMicrosecond = TimeSpan.TicksPerMicrosecond;
        _json.WriteNumber(name, decimal.Floor((time - DateTimeOffset.UnixEpoch).Ticks / ticksPerMicrosecond) / 1000);
        return this;
    }

    public byte[] End()
    {
        _json.WriteEndObject();
        _json.Flush();
        return _bytes.WrittenSpan.ToArray();
    }
}
