using System.Text;
using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>Checks on texts with <c>${…}</c> in them, before there is a record to fill them from.</summary>
internal static class Templates
{
    /// <summary>The text with <c>x</c> for each expression; what is wrong with the braces goes to <paramref name="problems"/>.</summary>
    public static string Sample(string text, string where, List<Problem> problems)
    {
        var sample = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf("${", at, StringComparison.Ordinal);
            if (open < 0)
            {
                sample.Append(text, at, text.Length - at);
                break;
            }

            sample.Append(text, at, open - at).Append('x');
            var close = text.IndexOf('}', open);
            if (close < 0)
            {
                problems.Add(new(where, "the ${ is never closed by }", 1, open + 1));
                break;
            }

            if (text.AsSpan(open + 2, close - open - 2).IsWhiteSpace()) problems.Add(new(where, "${} holds no expression", 1, open + 1));
            at = close + 1;
        }

        return sample.ToString();
    }
}
