using System.Buffers;
using System.Text;
using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions;

/// <summary>Functions that cut text, fill it up, and change parts of it.</summary>
internal static class TextParts
{
    private const int MostPadding = 1000;

    // What Java calls white space in patterns.
    private static ReadOnlySpan<byte> Space => " \t\n\v\f\r"u8;

    /// <summary>From a place to before another (or the end), in characters from 0; places outside of the text are its ends.</summary>
    public static Value Substring(Expression[] arguments, scoped in Evaluation e)
    {
        if (!Arguments.TryText(arguments, 0, e, out var text) || !Arguments.TryNumber(arguments, 1, e, out var from)) return Value.Undefined;
        var start = Arguments.Clamp(from, text.Length);
        var length = (long)text.Length;
        if (arguments.Length == 3)
        {
            if (!Arguments.TryNumber(arguments, 2, e, out var to)) return Value.Undefined;
            length = Arguments.Clamp(to, text.Length) - start;
        }

        if (length <= 0) return Value.OfText(default);
        var rest = text[Utf8Text.Offset(text, start)..];
        return Value.OfText(rest[..Utf8Text.Offset(rest, length)]);
    }

    public static Value Trim(Expression[] arguments, scoped in Evaluation e) =>
        Arguments.TryText(arguments, 0, e, out var text) ? Value.OfText(text.Trim(Space)) : Value.Undefined;

    public static Value TrimStart(Expression[] arguments, scoped in Evaluation e) =>
        Arguments.TryText(arguments, 0, e, out var text) ? Value.OfText(text.TrimStart(Space)) : Value.Undefined;

    public static Value TrimEnd(Expression[] arguments, scoped in Evaluation e) =>
        Arguments.TryText(arguments, 0, e, out var text) ? Value.OfText(text.TrimEnd(Space)) : Value.Undefined;

    /// <summary>So many spaces before the text: AWS adds them, whatever its length.</summary>
    public static Value PadStart(Expression[] arguments, scoped in Evaluation e) => Pad(arguments, e, before: true);

    public static Value PadEnd(Expression[] arguments, scoped in Evaluation e) => Pad(arguments, e, before: false);

    /// <summary>Every occurrence of a text becomes another. Of nothing there is no occurrence.</summary>
    public static Value Replace(Expression[] arguments, scoped in Evaluation e)
    {
        if (!Arguments.TryText(arguments, 0, e, out var text) || !Arguments.TryText(arguments, 1, e, out var find)
            || !Arguments.TryText(arguments, 2, e, out var by)) return Value.Undefined;
        var count = find.IsEmpty ? 0 : text.Count(find);
        if (count == 0) return Value.OfText(text);
        var length = text.Length + ((long)count * (by.Length - find.Length));
        if (!e.Context.HasRoom((int)Math.Min(length, int.MaxValue))) return Value.Undefined;
        var buffer = e.Context.TakeText();
        for (; count > 0; count--)
        {
            var at = text.IndexOf(find);
            buffer.Write(text[..at]);
            buffer.Write(by);
            text = text[(at + find.Length)..];
        }

        buffer.Write(text);
        return Value.OfText(buffer.Written);
    }

    /// <summary>The ASCII character of a number, which is rounded down; others are Undefined.</summary>
    public static Value Chr(Expression[] arguments, scoped in Evaluation e)
    {
        if (!Arguments.TryInt(arguments, 0, e, out var code) || code < 0 || code > 127) return Value.Undefined;
        var buffer = e.Context.TakeText();
        new Rune((int)code).TryEncodeToUtf8(buffer.GetSpan(4), out var length);
        buffer.Advance(length);
        return Value.OfText(buffer.Written);
    }

    private static Value Pad(Expression[] arguments, scoped in Evaluation e, bool before)
    {
        if (!Arguments.TryText(arguments, 0, e, out var text) || !Arguments.TryNumber(arguments, 1, e, out var number)) return Value.Undefined;
        var count = (int)Arguments.Clamp(number, MostPadding);
        if (!e.Context.HasRoom(text.Length + count)) return Value.Undefined;
        var buffer = e.Context.TakeText();
        var into = buffer.GetSpan(text.Length + count)[..(text.Length + count)];
        into.Fill((byte)' ');
        text.CopyTo(before ? into[count..] : into);
        buffer.Advance(into.Length);
        return Value.OfText(buffer.Written);
    }
}
