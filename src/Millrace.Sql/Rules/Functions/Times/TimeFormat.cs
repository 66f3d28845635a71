using System.Buffers;
using System.Globalization;
using System.Text;

namespace Millrace.Sql.Rules.Functions.Times;

/// <summary>Writes times by a pattern of Joda-Time's <c>DateTimeFormat</c>, in English. Immutable.</summary>
internal sealed class TimeFormat
{
    /// <summary>More of one letter is nobody's pattern.</summary>
    private const int MaxLetters = 64;

    private const string Known = "GCYxweEyDMdaKhHkmsSzZ";

    private readonly List<Step> _steps = [];

    private TimeFormat()
    {
    }

    /// <summary>The most bytes that a time can take.</summary>
    public int MaxLength { get; private set; }

    /// <summary>Null where it is no pattern, with the reason.</summary>
    public static TimeFormat? TryCreate(string pattern, out string problem)
    {
        problem = "";
        var format = new TimeFormat();
        var letters = new PatternLetters(pattern);
        while (letters.Next())
        {
            var literal = letters.Letter is '\0' ? letters.Literal : char.IsAsciiLetter(letters.Letter) ? null : letters.Letter.ToString();
            if (literal is null && !Known.Contains(letters.Letter))
            {
                problem = $"'{letters.Letter}' is no letter of a time pattern ({string.Join(' ', Known.ToCharArray())}); put text in single quotes";
                return null;
            }

            if (literal is null && letters.Count > MaxLetters)
            {
                problem = $"'{letters.Letter}' must not stand more than {MaxLetters} times in a row";
                return null;
            }

            var bytes = literal is null ? null : Encoding.UTF8.GetBytes(literal);
            format._steps.Add(new Step(letters.Letter, letters.Count, bytes));
            format.MaxLength += bytes?.Length ?? Math.Max(letters.Count, 40);
        }

        if (!letters.IsOpen) return format;
        problem = "a single quote is not closed in the time pattern";
        return null;
    }

    public static TimeFormat? TryCreate(string pattern) => TryCreate(pattern, out _);

    /// <summary>False for years that the calendar of .NET has not (1 to 9999).</summary>
    public bool TryWrite(long epochMs, TimeZoneInfo zone, IBufferWriter<byte> output)
    {
        if (epochMs < DateTimeOffset.MinValue.ToUnixTimeMilliseconds() || epochMs > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) return false;
        var utc = DateTime.UnixEpoch.AddMilliseconds(epochMs);
        var offset = zone.GetUtcOffset(utc);
        var ticks = utc.Ticks + offset.Ticks;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks) return false;
        var local = new DateTime(ticks);
        foreach (var step in _steps)
        {
            if (step.Literal is { } literal) output.Write(literal);
            else Write(step, local, offset, zone, utc, output);
        }

        return true;
    }

    private static void Write(Step step, DateTime local, TimeSpan offset, TimeZoneInfo zone, DateTime utc, IBufferWriter<byte> output)
    {
        switch (step.Letter)
        {
            case 'y' or 'Y' when step.Count == 2:
                Number(output, local.Year % 100, 2);
                break;
            case 'x' when step.Count == 2:
                Number(output, ISOWeek.GetYear(local) % 100, 2);
                break;
            case 'M' when step.Count >= 3:
                Name(output, Names.Months[local.Month - 1], step.Count);
                break;
            case 'E':
                Name(output, Names.Days[DayOfWeek(local) - 1], step.Count);
                break;
            case 'G':
                Text(output, "AD");
                break;
            case 'a':
                Text(output, Names.Halves[local.Hour / 12]);
                break;
            case 'S':
                Fraction(output, local.Millisecond, step.Count);
                break;
            case 'z':
                Text(output, ZoneName(zone, utc));
                break;
            case 'Z' when step.Count > 2:
                Text(output, zone.Id);
                break;
            case 'Z':
                Offset(output, offset, colon: step.Count == 2);
                break;
            default:
                Number(output, Field(step.Letter, local), step.Count);
                break;
        }
    }

    private static int Field(char letter, DateTime local) => letter switch
    {
        'C' => local.Year / 100,
        'x' => ISOWeek.GetYear(local),
        'w' => ISOWeek.GetWeekOfYear(local),
        'e' => DayOfWeek(local),
        'D' => local.DayOfYear,
        'M' => local.Month,
        'd' => local.Day,
        'K' => local.Hour % 12,
        'h' => local.Hour % 12 == 0 ? 12 : local.Hour % 12,
        'H' => local.Hour,
        'k' => local.Hour == 0 ? 24 : local.Hour,
        'm' => local.Minute,
        's' => local.Second,
        _ => local.Year,
    };

    /// <summary>From Monday, 1, to Sunday, 7.</summary>
    private static int DayOfWeek(DateTime local) => local.DayOfWeek == System.DayOfWeek.Sunday ? 7 : (int)local.DayOfWeek;

    /// <summary>Without the names of a culture the system has the short ones, such as PST.</summary>
    private static string ZoneName(TimeZoneInfo zone, DateTime utc) =>
        zone == TimeZoneInfo.Utc ? "UTC" : zone.IsDaylightSavingTime(utc) ? zone.DaylightName : zone.StandardName;

    private static void Name(IBufferWriter<byte> output, string name, int count) => Text(output, count >= 4 ? name : name[..Names.Short]);

    private static void Text(IBufferWriter<byte> output, string text) =>
        output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));

    private static void Number(IBufferWriter<byte> output, int number, int least)
    {
        var into = output.GetSpan(Math.Max(least, 11));
        number.TryFormat(into, out var length, default, CultureInfo.InvariantCulture);
        var zeros = Math.Max(0, least - length);
        into[..length].CopyTo(into[zeros..]);
        into[..zeros].Fill((byte)'0');
        output.Advance(length + zeros);
    }

    /// <summary>As many places as there are letters; there is nothing behind the third.</summary>
    private static void Fraction(IBufferWriter<byte> output, int ms, int places)
    {
        var into = output.GetSpan(Math.Max(places, 3));
        into[..Math.Max(places, 3)].Fill((byte)'0');
        for (var i = 2; i >= 0; i--, ms /= 10) into[i] = (byte)('0' + (ms % 10));
        output.Advance(places);
    }

    private static void Offset(IBufferWriter<byte> output, TimeSpan offset, bool colon)
    {
        Text(output, offset < TimeSpan.Zero ? "-" : "+");
        Number(output, Math.Abs(offset.Hours), 2);
        if (colon) Text(output, ":");
        Number(output, Math.Abs(offset.Minutes), 2);
    }

    private readonly record struct Step(char Letter, int Count, byte[]? Literal);
}
