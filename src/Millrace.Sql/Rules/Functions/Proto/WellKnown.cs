using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Millrace.Sql.Rules.Functions.Proto;

/// <summary>Types that protobuf itself declares and that are not objects in JSON: times, durations, wrappers, and JSON as messages.</summary>
internal static class WellKnown
{
    // 0001-01-01 to 9999-12-31, and 10,000 years, as protobuf allows.
    private const long FirstSecond = -62_135_596_800;
    private const long LastSecond = 253_402_300_799;
    private const long LongestSeconds = 315_576_000_000;

    private static readonly FrozenDictionary<string, Writer> Writers = new Dictionary<string, Writer>
    {
        ["google.protobuf.Timestamp"] = Timestamp,
        ["google.protobuf.Duration"] = Duration,
        ["google.protobuf.DoubleValue"] = Wrapper,
        ["google.protobuf.FloatValue"] = Wrapper,
        ["google.protobuf.Int64Value"] = Wrapper,
        ["google.protobuf.UInt64Value"] = Wrapper,
        ["google.protobuf.Int32Value"] = Wrapper,
        ["google.protobuf.UInt32Value"] = Wrapper,
        ["google.protobuf.BoolValue"] = Wrapper,
        ["google.protobuf.StringValue"] = Wrapper,
        ["google.protobuf.BytesValue"] = Wrapper,
        ["google.protobuf.Struct"] = OnlyField,
        ["google.protobuf.ListValue"] = OnlyField,
        ["google.protobuf.Value"] = AnyValue,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    internal delegate bool Writer(ProtoJson json, ProtoMessage message, ReadOnlySpan<byte> bytes, int depth);

    /// <summary>Null for all other types.</summary>
    public static Writer? Find(ProtoMessage message) => Writers.GetValueOrDefault(message.FullName);

    private static bool Timestamp(ProtoJson json, ProtoMessage message, ReadOnlySpan<byte> bytes, int depth)
    {
        if (!TryNumbers(message, bytes, out var seconds, out var nanos)) return false;
        if (seconds is < FirstSecond or > LastSecond || nanos is < 0 or > 999_999_999) return false;
        var time = DateTime.UnixEpoch.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return json.TryWrite(Encoding.ASCII.GetBytes($"\"{time}{Fraction(nanos)}Z\""));
    }

    private static bool Duration(ProtoJson json, ProtoMessage message, ReadOnlySpan<byte> bytes, int depth)
    {
        if (!TryNumbers(message, bytes, out var seconds, out var nanos)) return false;
        if (Math.Abs(nanos) > 999_999_999 || seconds is < -LongestSeconds or > LongestSeconds || Math.Sign(seconds) * Math.Sign(nanos) < 0) return false;
        var sign = seconds < 0 || nanos < 0 ? "-" : "";
        return json.TryWrite(Encoding.ASCII.GetBytes($"\"{sign}{Math.Abs(seconds)}{Fraction(Math.Abs(nanos))}s\""));
    }

    /// <summary>The value itself; the default where it is missing.</summary>
    private static bool Wrapper(ProtoJson json, ProtoMessage message, ReadOnlySpan<byte> bytes, int depth)
    {
        if (message.Fields is not [var field] || ProtoValues.TryRead(message, bytes) is not { } values) return false;
        var value = values.Of(0).IsEmpty ? default : values.Of(0)[^1];
        return json.TryWriteValue(field, value.Number, value.In(bytes), depth);
    }

    /// <summary>What is in the only field: a map for an object, a list for an array.</summary>
    private static bool OnlyField(ProtoJson json, ProtoMessage message, ReadOnlySpan<byte> bytes, int depth)
    {
        if (message.Fields is not [{ IsRepeated: true } field] || ProtoValues.TryRead(message, bytes) is not { } values) return false;
        return json.TryWriteRepeated(field, values.Of(0), bytes, depth);
    }

    /// <summary>Whichever of the fields is there.</summary>
    private static bool AnyValue(ProtoJson json, ProtoMessage message, ReadOnlySpan<byte> bytes, int depth)
    {
        if (ProtoValues.TryRead(message, bytes) is not { } values || message.Oneofs != 1) return false;
        var last = values.LastOf(0);
        if (last < 0) return json.TryWrite("null"u8);
        var value = values.Of(last)[^1];
        return json.TryWriteValue(message.Fields[last], value.Number, value.In(bytes), depth);
    }

    private static bool TryNumbers(ProtoMessage message, ReadOnlySpan<byte> bytes, out long seconds, out int nanos)
    {
        (seconds, nanos) = (0, 0);
        if (message.Fields is not [{ Type: ProtoType.Int64 }, { Type: ProtoType.Int32 }] || ProtoValues.TryRead(message, bytes) is not { } values) return false;
        if (!values.Of(0).IsEmpty) seconds = (long)values.Of(0)[^1].Number;
        if (!values.Of(1).IsEmpty) nanos = (int)values.Of(1)[^1].Number;
        return true;
    }

    /// <summary>Nothing, or 3, 6 or 9 places.</summary>
    private static string Fraction(int nanos) => nanos switch
    {
        0 => "",
        _ when nanos % 1_000_000 == 0 => "." + (nanos / 1_000_000).ToString("D3", CultureInfo.InvariantCulture),
        _ when nanos % 1_000 == 0 => "." + (nanos / 1_000).ToString("D6", CultureInfo.InvariantCulture),
        _ => "." + nanos.ToString("D9", CultureInfo.InvariantCulture),
    };
}
