using System.Text;
using System.Text.RegularExpressions;
using Millrace.Sql.Rules.Expressions;
using Millrace.Sql.Values;

namespace Millrace.Sql.Rules.Functions.Matching;

/// <summary>Regular expressions. What is none makes them Undefined; a search that takes too long fails the statement for that message.</summary>
internal static class RegexFunctions
{
    private delegate Value Search(Expression[] arguments, scoped in Evaluation e, Pattern pattern, ReadOnlySpan<byte> text);

    public static FunctionBody BindMatches(FunctionCall call) => Bind(call, Matches);

    public static FunctionBody BindSubstring(FunctionCall call) => Bind(call, Substring);

    public static FunctionBody BindReplace(FunctionCall call) => Bind(call, Replace);

    /// <summary>Whether the pattern is somewhere in the text.</summary>
    private static Value Matches(Expression[] arguments, scoped in Evaluation e, Pattern pattern, ReadOnlySpan<byte> text) =>
        Value.Of(pattern.IsMatch(Chars(e, text)));

    /// <summary>The first match; Undefined where there is none.</summary>
    private static Value Substring(Expression[] arguments, scoped in Evaluation e, Pattern pattern, ReadOnlySpan<byte> text)
    {
        var chars = Chars(e, text);
        return pattern.First(chars) is { } range ? Text(e, chars[range]) : Value.Undefined;
    }

    /// <summary>Every match replaced.</summary>
    private static Value Replace(Expression[] arguments, scoped in Evaluation e, Pattern pattern, ReadOnlySpan<byte> text)
    {
        if (!Arguments.TryText(arguments, 2, e, out var by)) return Value.Undefined;
        var whole = Encoding.UTF8.GetString(text);
        var match = pattern.Match(whole);
        if (!match.Success) return Value.OfText(text);
        var replacement = Encoding.UTF8.GetString(by);
        var (output, at) = (new StringBuilder(), 0);
        for (; match.Success; match = match.NextMatch())
        {
            output.Append(whole, at, match.Index - at);
            at = match.Index + match.Length;
            if (!Replacement.TryAppend(output, replacement, match, pattern) || !e.Context.HasRoom(output.Length)) return Value.Undefined;
        }

        output.Append(whole, at, whole.Length - at);
        return Text(e, output.ToString());
    }

    /// <summary>A constant pattern is made once; others are looked for among those of the last messages.</summary>
    private static FunctionBody Bind(FunctionCall call, Search search)
    {
        if (call.Text(1) is { } constant)
        {
            if (Encoding.UTF8.GetByteCount(constant) > PatternCache<Pattern>.MaxLength)
                throw call.Refuse(1, $"the regular expression is longer than {PatternCache<Pattern>.MaxLength} bytes");
            var pattern = Pattern.TryCreate(constant, out var problem);
            if (problem.Length > 0) throw call.Refuse(1, $"in the regular expression: {problem}");
            return (arguments, scoped in e) => Find(arguments, e, pattern, search);
        }

        return (arguments, scoped in e) =>
        {
            if (!Arguments.TryText(arguments, 1, e, out var text)) return Value.Undefined;
            return Find(arguments, e, e.Context.Memory.Patterns.Get(text, Pattern.TryCreate), search);
        };
    }

    private static Value Find(Expression[] arguments, scoped in Evaluation e, Pattern? pattern, Search search)
    {
        if (pattern is null || !Arguments.TryText(arguments, 0, e, out var text)) return Value.Undefined;
        if (!e.Context.HasRoom(text.Length)) return Value.Undefined;
        try
        {
            return search(arguments, e, pattern, text);
        }
        catch (RegexMatchTimeoutException)
        {
            e.Context.Fail($"a regular expression searches this message for longer than {Pattern.MaxTime.TotalMilliseconds} ms: make it simpler, without look-around and back references");
            return Value.Undefined;
        }
    }

    private static ReadOnlySpan<char> Chars(scoped in Evaluation e, ReadOnlySpan<byte> text)
    {
        var chars = e.Context.Memory.Chars(text.Length);
        return chars.AsSpan(0, Encoding.UTF8.GetChars(text, chars));
    }

    private static Value Text(scoped in Evaluation e, ReadOnlySpan<char> chars)
    {
        if (!e.Context.HasRoom(Encoding.UTF8.GetByteCount(chars))) return Value.Undefined;
        var buffer = e.Context.TakeText();
        buffer.Advance(Encoding.UTF8.GetBytes(chars, buffer.GetSpan(Encoding.UTF8.GetMaxByteCount(chars.Length))));
        return Value.OfText(buffer.Written);
    }
}
