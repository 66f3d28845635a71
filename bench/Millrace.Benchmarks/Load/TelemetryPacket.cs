using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Millrace.Benchmarks.Load;

/// <summary>A car's PUBLISH packet, made once; what differs from message to message is patched into a copy.</summary>
/// <remarks>
/// MQTT 3.1.1, 190 bytes with a payload of 148 (QoS 0: 188, without packet identifier):
/// <c>{"name":"speed","value":47.4,"vin":"1NXBR32E84Z000000","trip_id":"799fc110-…","timestamp":"2018-02-15 08:20:18.000000000"}</c>
/// </remarks>
internal sealed class TelemetryPacket
{
    // Ten measures with names of one length, so that every field keeps its place.
    private static readonly byte[][] Names =
    [
        "speed"u8.ToArray(), "brake"u8.ToArray(), "steer"u8.ToArray(), "power"u8.ToArray(), "boost"u8.ToArray(),
        "range"u8.ToArray(), "pedal"u8.ToArray(), "pitch"u8.ToArray(), "accel"u8.ToArray(), "volts"u8.ToArray(),
    ];

    private const int TimeLength = 29;

    // What stands behind the time: a quote and a brace.
    private const int TailLength = 2;
    private const long MinuteNs = 60_000_000_000;

    private readonly byte[] _packet;
    private readonly bool _hasId;
    private readonly int _idAt;
    private readonly int _nameAt;
    private readonly int _valueAt;
    private readonly int _timeAt;
    private readonly ulong _seed;

    public TelemetryPacket(int car, int qos)
    {
        _hasId = qos > 0;
        _seed = Mix((ulong)car);
        var vin = VinOf(car);
        var trip = string.Create(CultureInfo.InvariantCulture, $"799fc110-fee2-43b2-a6ed-{car:x12}");
        var payload = Encoding.ASCII.GetBytes(
            $$"""{"name":"speed","value":47.4,"vin":"{{vin}}","trip_id":"{{trip}}","timestamp":"2018-02-15 08:20:18.000000000"}""");
        _packet = MqttPackets.Publish(TopicOf(car), qos, payload, out _idAt);

        var payloadAt = _packet.Length - payload.Length;
        _nameAt = payloadAt + payload.AsSpan().IndexOf("speed"u8);
        _valueAt = payloadAt + payload.AsSpan().IndexOf("47.4"u8);
        _timeAt = payloadAt + payload.AsSpan().IndexOf("2018-"u8);
    }

    public int Length => _packet.Length;

    public static string VinOf(int car) => string.Create(CultureInfo.InvariantCulture, $"1NXBR32E84Z{car:D6}");

    public static string TopicOf(int car) => $"dt/cars/{VinOf(car)}/telemetry";

    /// <summary>How long a packet was on its way, by the time in its payload. Only the seconds are looked at: it is much less than a minute.</summary>
    public static long WaitedNs(ReadOnlySpan<byte> packet, long nowNs)
    {
        var time = packet[(packet.Length - TailLength - TimeLength)..];
        var sent = (Digits(time[17..19]) * 1_000_000_000) + Digits(time[20..29]);
        var waited = (nowNs % MinuteNs) - sent;
        if (waited < -MinuteNs / 2) return waited + MinuteNs;
        return waited;
    }

    /// <param name="target">At least <see cref="Length"/> bytes.</param>
    /// <param name="packetId">Not 0, but with QoS 0, where it is not written.</param>
    /// <param name="sequence">Chooses measure and value.</param>
    /// <param name="time">The payload's timestamp.</param>
    public void Write(Span<byte> target, int packetId, long sequence, TimeText time)
    {
        _packet.CopyTo(target);
        if (_hasId) BinaryPrimitives.WriteUInt16BigEndian(target[_idAt..], (ushort)packetId);
        Names[sequence % Names.Length].CopyTo(target[_nameAt..]);

        // 10.0 to 99.9, without a pattern: the figures of bytes on disk must not gain by values that repeat.
        var value = 100 + (int)(Mix(_seed + (ulong)sequence) % 900);
        target[_valueAt] = (byte)('0' + (value / 100));
        target[_valueAt + 1] = (byte)('0' + (value / 10 % 10));
        target[_valueAt + 3] = (byte)('0' + (value % 10));

        time.CopyTo(target[_timeAt..]);
    }

    private static long Digits(ReadOnlySpan<byte> digits)
    {
        var value = 0L;
        foreach (var digit in digits) value = (value * 10) + (digit - '0');
        return value;
    }

    /// <summary>SplitMix64's finalizer: neighbours in, strangers out, the same in every run.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
