using Millrace.Sql.Payload;

namespace Millrace.Flows.Steps;

/// <summary>Reads the time of a record from one of its fields.</summary>
internal static class FieldTime
{
    /// <param name="field">Text, or a number in <paramref name="unit"/>.</param>
    /// <param name="text">The field's text.</param>
    /// <param name="unit">Of a number.</param>
    /// <param name="timeNs">Nanoseconds since 1970 UTC.</param>
    /// <returns>What is wrong, to be put behind the field's name; null where nothing is.</returns>
    public static string? Read(Field field, ReadOnlySpan<byte> text, TimeUnit unit, out long timeNs)
    {
        timeNs = 0;
        switch (field.Kind)
        {
            case FieldKind.String:
                return TimeText.TryParse(text, out timeNs)
                    ? null
                    : $"'{Shown(text)}' is not a time from 1677 to 2262, written 2018-02-15 08:20:18.000000000 or 2018-02-15T08:20:18Z";
            case FieldKind.Number:
                return TimeText.TryParseEpoch(field.Raw, unit, out timeNs)
                    ? null
                    : $"{Shown(field.Raw)} is not a number of {unit.ToString().ToLowerInvariant()} from 1677 to 2262";
            case FieldKind.Missing:
                return "is missing, and holds the time";
            default:
                return $"holds the time, and is {field.Kind.ToString().ToLowerInvariant()}";
        }
    }

    /// <summary>The beginning of a value from outside, for a reason.</summary>
    public static string Shown(ReadOnlySpan<byte> value)
    {
        const int enough = 64;
        return System.Text.Encoding.UTF8.GetString(value[..Math.Min(value.Length, enough)]) + (value.Length > enough ? "…" : "");
    }
}
