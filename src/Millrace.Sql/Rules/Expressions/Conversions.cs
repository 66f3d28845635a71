using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Expressions;

/// <summary>The implicit conversions of AWS IoT SQL. False means Undefined.</summary>
internal static class Conversions
{
    // Of a longer text parsing may drop digits, and it is better to pass them on.
    private const int LongestInt = Number.MaxDigits + 2;

    /// <summary>Numbers, and strings that look like one: <c>-?\d+(\.\d+)?(E-?\d+)?</c>, so not <c>+1</c>, <c>.5</c> or <c>1E+3</c>.</summary>
    public static bool TryNumber(scoped in Evaluation e, Value value, out Number number)
    {
        if (value.Kind == ValueKind.Number) return value.TryGetNumber(out number);
        number = default;
        return value.Kind == ValueKind.String && Number.TryParse(Text(e, value), out number, plus: false);
    }

    /// <summary>Booleans, and the strings true and false in any case.</summary>
    public static bool TryBoolean(scoped in Evaluation e, Value value, out bool boolean)
    {
        boolean = value.IsTrue;
        if (value.Kind == ValueKind.Boolean) return true;
        if (value.Kind != ValueKind.String) return false;
        var text = Text(e, value);
        boolean = System.Text.Ascii.EqualsIgnoreCase(text, "true"u8);
        return boolean || System.Text.Ascii.EqualsIgnoreCase(text, "false"u8);
    }

    /// <summary>The string form: numbers in standard notation, arrays and objects as compact JSON. Null and Undefined have none.</summary>
    public static bool TryText(scoped in Evaluation e, Value value, out ReadOnlySpan<byte> text)
    {
        text = default;
        switch (value.Kind)
        {
            case ValueKind.Undefined or ValueKind.Null:
                return false;
            case ValueKind.String:
                text = Text(e, value);
                return e.Context.MayRead(text.Length);
            case ValueKind.Boolean:
                text = value.IsTrue ? "true"u8 : "false"u8;
                return true;
            case ValueKind.Number:
                if (!value.TryGetNumber(out var number)) return false;
                var buffer = e.Context.TakeText();
                var keepsPoint = e.Options.Version == SqlVersion.V2015 && value.IsDecimal;
                (keepsPoint ? Value.OfDecimal(number) : Value.Of(number)).WriteJson(buffer);
                text = buffer.Written;
                return true;
            default:
                return TryCompact(e, value.Bytes, out text);
        }
    }

    /// <summary>Writes what SELECT or a literal lists: in 2016-03-23 a whole number is an Int, so that <c>10.0</c> of a payload is written <c>10</c>.</summary>
    public static void WriteItem(scoped in Evaluation e, Value value, TextBuffer output)
    {
        if (value.Kind == ValueKind.Number && !value.Bytes.IsEmpty && value.Bytes.Length <= LongestInt && value.IsDecimal
            && e.Options.Version == SqlVersion.V2016 && value.TryGetNumber(out var number) && number.IsWhole && number.Magnitude < Number.MaxDigits)
            value = Value.Of(number);
        value.WriteJson(output);
    }

    /// <summary>A string's text, escapes taken out.</summary>
    public static ReadOnlySpan<byte> Text(scoped in Evaluation e, Value value)
    {
        if (!value.IsEscaped) return value.Bytes;
        if (!e.Context.HasRoom(value.Bytes.Length)) return default;
        var buffer = e.Context.TakeText();
        buffer.Advance(Payload.JsonText.Unescape(value.Bytes, buffer.GetSpan(value.Bytes.Length)));
        return buffer.Written;
    }

    /// <summary>JSON without the space between its values.</summary>
    private static bool TryCompact(scoped in Evaluation e, ReadOnlySpan<byte> json, out ReadOnlySpan<byte> text)
    {
        text = json;
        if (!e.Context.MayRead(json.Length)) return false;
        if (json.IndexOfAny(" \t\r\n"u8) < 0) return true;
        text = default;
        if (!e.Context.HasRoom(json.Length)) return false;
        var buffer = e.Context.TakeText();
        var into = buffer.GetSpan(json.Length);
        var (length, inString) = (0, false);
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            if (!inString && c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') continue;
            into[length++] = c;
            if (c == '"')
                inString = !inString;
            else if (c == '\\')
                into[length++] = json[++i];
        }

        buffer.Advance(length);
        text = buffer.Written;
        return true;
    }
}
