using System.Globalization;
using System.Text.Json;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Works out expressions of constants that are compared with a time, exactly as DuckDB does, or not at all.</summary>
/// <param name="nowUs">What now() is in this statement: microseconds since 1970. Asked at most once.</param>
internal sealed class ConstantTime(Func<long> nowUs)
{
    private const long NsPerUs = 1000;
    private const long UsPerSecond = 1_000_000;
    private const long UsPerDay = 86_400 * UsPerSecond;

    // Where microseconds overflow as nanoseconds DuckDB fails; and no constant that people mean is near to it.
    private const long MaxUs = long.MaxValue / NsPerUs / 2;

    private long? _nowUs;

    /// <summary>Nanoseconds since 1970; null where it is not certain.</summary>
    public long? Ns(JsonElement node)
    {
        // Compared with a time, a text is taken as nanoseconds; everything else has microseconds.
        if (SyntaxTree.IsConstant(node, out var type, out var value))
            return type == "VARCHAR" ? Parse(value.GetString()!, digits: 9) : null;
        if (SyntaxTree.IsCast(node, out type, out var child) && type == "TIMESTAMP_NS" && SyntaxTree.IsConstant(child, out type, out value))
            return type == "VARCHAR" ? Parse(value.GetString()!, digits: 9) : null;
        if (SyntaxTree.IsCall(node, out var name, out var arguments) && name == "make_timestamp_ns" && arguments.GetArrayLength() == 1)
            return Integer(arguments[0]);
        return Us(node) is { } us && us is > -MaxUs and < MaxUs ? us * NsPerUs : null;
    }

    /// <summary>The same, where it is the same whenever it is asked.</summary>
    public static long? FixedNs(JsonElement node)
    {
        var asked = false;
        var ns = new ConstantTime(() =>
        {
            asked = true;
            return 0;
        }).Ns(node);
        return asked ? null : ns;
    }

    /// <summary>The length of an interval in microseconds; null where it has months, or is not certain.</summary>
    public static long? IntervalUs(JsonElement node)
    {
        if (SyntaxTree.IsCast(node, out var type, out var child) && type == "INTERVAL")
            return SyntaxTree.IsConstant(child, out type, out var value) && type == "VARCHAR" ? ParseInterval(value.GetString()!) : null;
        if (!SyntaxTree.IsCall(node, out var name, out var arguments) || arguments.GetArrayLength() != 1) return null;
        return UnitUs(name.StartsWith("to_", StringComparison.Ordinal) ? name[3..] : "") is { } unit && Whole(arguments[0]) is { } count ? Times(count, unit) : null;
    }

    private long? Us(JsonElement node)
    {
        if (SyntaxTree.IsCast(node, out var type, out var child))
        {
            if (type is not ("TIMESTAMP" or "DATE")) return null;
            var us = SyntaxTree.IsConstant(child, out var kind, out var text)
                ? kind == "VARCHAR" && (type == "TIMESTAMP" || text.GetString()!.Length == 10) && Parse(text.GetString()!, digits: 6) is { } ns ? FloorUs(ns) : null
                : Us(child);
            return type == "DATE" && us is { } time ? time - Modulo(time, UsPerDay) : us;
        }

        if (SyntaxTree.Class(node) == "COLUMN_REF")
            return node.GetProperty("column_names") is var names && names.GetArrayLength() == 1
                && string.Equals(names[0].GetString(), "current_timestamp", StringComparison.OrdinalIgnoreCase) ? Now() : null;
        return SyntaxTree.IsCall(node, out var name, out var arguments) ? Call(name, arguments) : null;
    }

    private long? Call(string name, JsonElement arguments)
    {
        switch (name, arguments.GetArrayLength())
        {
            case ("now" or "get_current_timestamp", 0):
                return Now();
            case ("ago", 1):
                return IntervalUs(arguments[0]) is { } past ? Plus(Now(), -past) : null;
            case ("epoch_ms" or "from_milliseconds", 1):
                return Integer(arguments[0]) is { } ms ? Times(ms, 1000) : null;
            case ("make_timestamp", 1):
                return Integer(arguments[0]);
            case ("+", 2):
                return Us(arguments[0]) is { } from && IntervalUs(arguments[1]) is { } more ? Plus(from, more) : null;
            case ("-", 2):
                return Us(arguments[0]) is { } to && IntervalUs(arguments[1]) is { } less ? Plus(to, -less) : null;
            case ("date_trunc", 2):
                return SyntaxTree.IsConstant(arguments[0], out var type, out var unit) && type == "VARCHAR"
                    && TruncatedUs(unit.GetString()!) is { } width && Us(arguments[1]) is { } time ? time - Modulo(time, width) : null;
            default:
                return null;
        }
    }

    /// <summary>The width of date_trunc's unit, where it is one and begins at 1970; null else.</summary>
    public static long? TruncatedUs(string unit) => unit.ToLowerInvariant() switch
    {
        "second" or "minute" or "hour" or "day" => UnitUs($"{unit.ToLowerInvariant()}s"),
        _ => null,
    };

    private long Now() => _nowUs ??= nowUs();

    private static long FloorUs(long ns) => (ns - Modulo(ns, NsPerUs)) / NsPerUs;

    private static long Modulo(long value, long width) => ((value % width) + width) % width;

    private static long? Plus(long us, long more)
    {
        var sum = (Int128)us + more;
        return sum > -MaxUs && sum < MaxUs ? (long)sum : null;
    }

    private static long? Times(long count, long unit)
    {
        var product = (Int128)count * unit;
        return product > -MaxUs && product < MaxUs ? (long)product : null;
    }

    private static long? Integer(JsonElement node) =>
        SyntaxTree.IsConstant(node, out var type, out var value) && type is "INTEGER" or "BIGINT" && value.TryGetInt64(out var number) ? number : null;

    // INTERVAL 5 MINUTE and INTERVAL '5' MINUTE have their number inside of casts.
    private static long? Whole(JsonElement node)
    {
        while (true)
        {
            if (SyntaxTree.IsCast(node, out _, out var child)) node = child;
            else if (SyntaxTree.IsCall(node, out var name, out var arguments) && name == "trunc" && arguments.GetArrayLength() == 1) node = arguments[0];
            else break;
        }

        if (!SyntaxTree.IsConstant(node, out var type, out var value)) return null;
        return type == "VARCHAR" && long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : Integer(node);
    }

    private static long? UnitUs(string plural) => plural switch
    {
        "microseconds" => 1,
        "milliseconds" => 1000,
        "seconds" => UsPerSecond,
        "minutes" => 60 * UsPerSecond,
        "hours" => 3600 * UsPerSecond,
        "days" => UsPerDay,
        "weeks" => 7 * UsPerDay,
        _ => null,
    };

    /// <summary>One whole number and one unit, as people write it; in microseconds.</summary>
    internal static long? ParseInterval(string text)
    {
        var parts = text.Split(' ');
        if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count)) return null;
        var unit = parts[1].ToLowerInvariant();
        return UnitUs(unit.EndsWith('s') ? unit : unit + "s") is { } us ? Times(count, us) : null;
    }

    /// <summary><c>2026-06-01</c>, <c>2026-06-01 10:11[:12[.123456789]]</c>, also with T between, and Z after seconds. Nanoseconds, of which a fraction has so many digits.</summary>
    internal static long? Parse(string text, int digits)
    {
        if (text.Length < 10 || !DateOnly.TryParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return null;
        if (date.Year is < 1700 or > 2200) return null;
        var days = (date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * (UsPerDay * NsPerUs);
        if (text.Length == 10) return days;
        if (text[10] is not (' ' or 'T') || text.Length < 16 || text[13] != ':') return null;
        if (Two(text, 11) is not (< 24 and >= 0 and var hours) || Two(text, 14) is not (< 60 and >= 0 and var minutes)) return null;
        var seconds = (hours * 3600L) + (minutes * 60);
        var fraction = 0L;
        if (text.Length > 16)
        {
            if (text[16] != ':' || Two(text, 17) is not (< 60 and >= 0 and var second)) return null;
            seconds += second;
            var end = text[^1] == 'Z' ? text.Length - 1 : text.Length;
            if (end > 19)
            {
                if (text[19] != '.' || end - 20 is < 1 or > 9 || text.AsSpan(20, end - 20).ContainsAnyExceptInRange('0', '9')) return null;
                for (var i = 0; i < 9; i++) fraction = (fraction * 10) + (i < digits && 20 + i < end ? text[20 + i] - '0' : 0);
            }
        }

        return days + (seconds * 1_000_000_000) + fraction;
    }

    private static int Two(string text, int at) =>
        at + 1 < text.Length && char.IsAsciiDigit(text[at]) && char.IsAsciiDigit(text[at + 1]) ? ((text[at] - '0') * 10) + text[at + 1] - '0' : -1;
}
