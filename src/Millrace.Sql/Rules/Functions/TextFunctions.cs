using System.Buffers;
using System.Text;
using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions;

/// <summary>Functions of text. Everything but Null and Undefined has a string form, and they take that.</summary>
internal static class TextFunctions
{
    public static Value Upper(Expression[] arguments, scoped in Evaluation e) => Cased(arguments, e, upper: true);

    public static Value Lower(Expression[] arguments, scoped in Evaluation e) => Cased(arguments, e, upper: false);

    /// <summary>Unicode characters, not bytes.</summary>
    public static Value Length(Expression[] arguments, scoped in Evaluation e)
    {
        if (!Arguments.TryText(arguments, 0, e, out var text)) return Value.Undefined;
        return Value.Of(Number.Of(Utf8Text.Count(text)));
    }

    public static Value NumBytes(Expression[] arguments, scoped in Evaluation e) =>
        Arguments.TryText(arguments, 0, e, out var text) ? Value.Of(Number.Of(text.Length)) : Value.Undefined;

    public static Value StartsWith(Expression[] arguments, scoped in Evaluation e) =>
        Arguments.TryText(arguments, 0, e, out var text) && Arguments.TryText(arguments, 1, e, out var part) ? Value.Of(text.StartsWith(part)) : Value.Undefined;

    public static Value EndsWith(Expression[] arguments, scoped in Evaluation e) =>
        Arguments.TryText(arguments, 0, e, out var text) && Arguments.TryText(arguments, 1, e, out var part) ? Value.Of(text.EndsWith(part)) : Value.Undefined;

    /// <summary>The first place of the second text in the first, in characters from 0; -1 where it is not in it.</summary>
    public static Value IndexOf(Expression[] arguments, scoped in Evaluation e)
    {
        if (!Arguments.TryText(arguments, 0, e, out var text) || !Arguments.TryText(arguments, 1, e, out var part)) return Value.Undefined;
        var at = text.IndexOf(part);
        return Value.Of(Number.Of(at < 0 ? -1 : Utf8Text.Count(text[..at])));
    }

    /// <summary>
    /// Of nothing it is Undefined; one argument is unchanged. With an array among them it is one array, of the elements of arrays and of all others; else the string
    /// forms joined.
    /// </summary>
    public static Value Concat(Expression[] arguments, scoped in Evaluation e)
    {
        if (arguments.Length == 0) return Value.Undefined;
        if (arguments.Length == 1) return arguments[0].Evaluate(e);
        // Both forms are made at once, because whether there is an array shows only at the last argument, and to evaluate the arguments
        // twice would double the work with each concat() in another.
        var (text, array) = (e.Context.TakeText(), e.Context.TakeText());
        var (hasText, hasArray) = (true, false);
        array.Write("["u8);
        foreach (var argument in arguments)
        {
            var value = argument.Evaluate(e);
            if (value.IsUndefined || !e.Context.HasRoom(2 * value.Bytes.Length)) return Value.Undefined;
            hasArray |= value.Kind == ValueKind.Array;
            var part = default(ReadOnlySpan<byte>);
            hasText = hasText && !hasArray && Conversions.TryText(e, value, out part);
            if (hasText) text.Write(part);
            AppendItems(array, value);
        }

        array.Write("]"u8);
        if (hasArray) return Value.OfArray(array.Written);
        return hasText ? Value.OfText(text.Written) : Value.Undefined;
    }

    private static void AppendItems(TextBuffer array, Value value)
    {
        if (value.Kind != ValueKind.Array)
        {
            Append(array, value);
            return;
        }

        var walk = new JsonWalk(value);
        while (walk.Next()) Append(array, walk.Current);
    }

    private static void Append(TextBuffer buffer, Value element)
    {
        if (buffer.Length > 1) buffer.Write(","u8);
        element.WriteJson(buffer);
    }

    private static Value Cased(Expression[] arguments, scoped in Evaluation e, bool upper)
    {
        // A letter in the other case may be longer: three bytes for two.
        if (!Arguments.TryText(arguments, 0, e, out var text) || !e.Context.HasRoom((text.Length * 3 / 2) + 4)) return Value.Undefined;
        var buffer = e.Context.TakeText();
        if (Ascii.IsValid(text))
        {
            var into = buffer.GetSpan(text.Length);
            if (upper)
                Ascii.ToUpper(text, into, out _);
            else
                Ascii.ToLower(text, into, out _);
            buffer.Advance(text.Length);
            return Value.OfText(buffer.Written);
        }

        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var length);
            var other = upper ? Rune.ToUpperInvariant(rune) : Rune.ToLowerInvariant(rune);
            buffer.Advance(other.EncodeToUtf8(buffer.GetSpan(4)));
            text = text[length..];
        }

        return Value.OfText(buffer.Written);
    }
}
