using System.Text;
using System.Text.RegularExpressions;

namespace Millrace.Sql.Rules.Functions.Matching;

/// <summary>What a match is replaced by, as Java writes it: <c>$1</c> and <c>${name}</c> are groups, a backslash makes the next character plain.</summary>
internal static class Replacement
{
    /// <summary>Puts the groups of a match in; false where it asks for a group that there is not, or is otherwise wrong.</summary>
    public static bool TryAppend(StringBuilder output, string text, Match match, Pattern pattern)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\')
            {
                if (++at == text.Length) return false;
                output.Append(text[at]);
            }
            else if (text[at] != '$')
                output.Append(text[at]);
            else if (TryGroup(text, ref at, match, pattern) is { } group)
                output.Append(group.ValueSpan);
            else
                return false;
        }

        return true;
    }

    /// <summary>The group that is named from the dollar on; ends at the name's last character.</summary>
    private static Group? TryGroup(string text, ref int at, Match match, Pattern pattern)
    {
        var first = at + 1 < text.Length ? text[at + 1] : '\0';
        if (first == '{')
        {
            var end = text.IndexOf('}', at);
            if (end < 0) return null;
            var number = pattern.GroupNumber(text[(at + 2)..end]);
            at = end;
            return number < 0 ? null : match.Groups[number];
        }

        if (!char.IsAsciiDigit(first)) return null;
        var group = first - '0';
        if (group >= pattern.Groups) return null;
        at++;

        // As many more digits as there are groups for: $12 is the second behind the first where there are no twelve.
        while (at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]) && (group * 10) + (text[at + 1] - '0') < pattern.Groups)
            group = (group * 10) + (text[++at] - '0');
        return match.Groups[group];
    }
}
