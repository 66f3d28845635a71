using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions.Times;

/// <summary><c>parse_time()</c>, which writes times, and <c>time_to_epoch()</c>, which reads them.</summary>
internal static class TimeFunctions
{
    /// <summary>Milliseconds since 1970 as text, in UTC or in a zone. A pattern or zone that there is not makes it Undefined.</summary>
    public static FunctionBody BindParseTime(FunctionCall call)
    {
        var format = call.Text(0) is { } pattern ? TimeFormat.TryCreate(pattern, out var problem) ?? throw call.Refuse(0, problem) : null;
        return (arguments, scoped in e) =>
        {
            var used = format;
            if (used is null)
            {
                if (!Arguments.TryText(arguments, 0, e, out var text)) return Value.Undefined;
                used = e.Context.Memory.Formats.Get(text, TimeFormat.TryCreate);
            }

            if (used is null || !Arguments.TryNumber(arguments, 1, e, out var number)) return Value.Undefined;
            var zone = TimeZoneInfo.Utc;
            if (arguments.Length == 3)
            {
                if (!Arguments.TryText(arguments, 2, e, out var name)) return Value.Undefined;
                zone = e.Context.Memory.Zones.Get(name, Zones.Find);
            }

            if (zone is null || !NumberRounding.Floor(number).TryToLong(out var ms) || !e.Context.HasRoom(used.MaxLength)) return Value.Undefined;
            var buffer = e.Context.TakeText();
            return used.TryWrite(ms, zone, buffer) ? Value.OfText(buffer.Written) : Value.Undefined;
        };
    }

    /// <summary>Text as milliseconds since 1970; without a zone it is UTC. Text that is not as the pattern says makes it Undefined.</summary>
    public static FunctionBody BindTimeToEpoch(FunctionCall call)
    {
        var parser = call.Text(1) is { } pattern ? TimeParser.TryCreate(pattern, out var problem) ?? throw call.Refuse(1, problem) : null;
        return (arguments, scoped in e) =>
        {
            if (!Arguments.TryText(arguments, 0, e, out var time)) return Value.Undefined;
            var used = parser;
            if (used is null)
            {
                if (!Arguments.TryText(arguments, 1, e, out var text)) return Value.Undefined;
                used = e.Context.Memory.Parsers.Get(text, TimeParser.TryCreate);
            }

            if (used is null || time.Length > TimeParser.MaxText) return Value.Undefined;
            Span<char> chars = stackalloc char[time.Length];
            chars = chars[..System.Text.Encoding.UTF8.GetChars(time, chars)];
            return used.TryParse(chars, out var ms) ? Value.Of(Number.Of(ms)) : Value.Undefined;
        };
    }
}
