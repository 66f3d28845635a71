using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Millrace.Sql.Rules.Functions.Times;

/// <summary>Time zones by what Java and Joda call them: IANA names, offsets (<c>+01:00</c>, <c>UTC+1</c>), and the common short names.</summary>
internal static class Zones
{
    private const int MaxName = 40;

    // Names come with messages too: of each that there is not the disk is asked, and no more than so many are remembered.
    private const int MaxKnown = 1024;

    private static readonly ConcurrentDictionary<string, TimeZoneInfo?> Known = new(StringComparer.Ordinal);

    /// <summary>Short names as Java reads them: each means the zone with its summer time.</summary>
    private static readonly FrozenDictionary<string, string> Short = new Dictionary<string, string>
    {
        ["EST"] = "America/New_York",
        ["EDT"] = "America/New_York",
        ["CST"] = "America/Chicago",
        ["CDT"] = "America/Chicago",
        ["MST"] = "America/Denver",
        ["MDT"] = "America/Denver",
        ["PST"] = "America/Los_Angeles",
        ["PDT"] = "America/Los_Angeles",
        ["AKST"] = "America/Anchorage",
        ["AKDT"] = "America/Anchorage",
        ["HST"] = "Pacific/Honolulu",
        ["WET"] = "Europe/Lisbon",
        ["WEST"] = "Europe/Lisbon",
        ["BST"] = "Europe/London",
        ["CET"] = "Europe/Paris",
        ["CEST"] = "Europe/Paris",
        ["EET"] = "Europe/Athens",
        ["EEST"] = "Europe/Athens",
        ["MSK"] = "Europe/Moscow",
        ["IST"] = "Asia/Kolkata",
        ["SGT"] = "Asia/Singapore",
        ["HKT"] = "Asia/Hong_Kong",
        ["JST"] = "Asia/Tokyo",
        ["KST"] = "Asia/Seoul",
        ["AWST"] = "Australia/Perth",
        ["AEST"] = "Australia/Sydney",
        ["AEDT"] = "Australia/Sydney",
        ["NZST"] = "Pacific/Auckland",
        ["NZDT"] = "Pacific/Auckland",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static TimeZoneInfo? Find(string name) => Find(name.AsSpan());

    /// <summary>By IANA's name or by an offset; null where there is no such zone.</summary>
    public static TimeZoneInfo? Find(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaxName) return null;
        if (name is "UTC" or "GMT" or "Z" or "UT") return TimeZoneInfo.Utc;
        var byText = Known.GetAlternateLookup<ReadOnlySpan<char>>();
        if (byText.TryGetValue(name, out var known)) return known;
        if (Known.Count >= MaxKnown) Known.Clear();
        return byText[name] = Make(name.ToString());
    }

    /// <summary>By a short name, or as <see cref="Find(ReadOnlySpan{char})"/>.</summary>
    public static TimeZoneInfo? FindText(ReadOnlySpan<char> name) =>
        Short.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var region) ? Find(region) : Find(name);

    private static TimeZoneInfo? Make(string name)
    {
        var offset = name.AsSpan();
        foreach (var prefix in new[] { "UTC", "GMT", "UT" })
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal)) continue;
            offset = offset[prefix.Length..];
            break;
        }

        if (offset.Length > 0 && offset[0] is '+' or '-') return Offsets.TryParse(offset, out var seconds) ? OfOffset(seconds, name) : null;

        // Nothing that could lead out of the folder of the zones.
        if (!char.IsAsciiLetter(name[0]) || name.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('/' or '_' or '-' or '+'))) return null;
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
    }

    // The system's zones know offsets in whole minutes only, to which seconds are cut.
    private static TimeZoneInfo? OfOffset(int seconds, string name)
    {
        var span = TimeSpan.FromMinutes(seconds / 60);
        return span.Duration() > TimeSpan.FromHours(14) ? null : TimeZoneInfo.CreateCustomTimeZone(name, span, name, name);
    }
}
