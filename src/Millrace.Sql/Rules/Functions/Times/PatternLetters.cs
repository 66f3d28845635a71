using System.Text;

namespace Millrace.Sql.Rules.Functions.Times;

/// <summary>Takes a pattern of letters apart: runs of one letter, and what is meant as it stands.</summary>
internal ref struct PatternLetters(string pattern)
{
    private int _at;

    /// <summary>The letter of a run, <c>[</c> or <c>]</c>; 0 for a literal.</summary>
    public char Letter { get; private set; }

    /// <summary>How many of the letter.</summary>
    public int Count { get; private set; }

    public string Literal { get; private set; } = "";

    /// <summary>False at the end, and where a quote is not closed: see <see cref="IsOpen"/>.</summary>
    public bool Next()
    {
        if (_at == pattern.Length) return false;
        var c = pattern[_at];
        if (char.IsAsciiLetter(c) || c is '[' or ']' or '{' or '}' or '#')
        {
            Letter = c;
            Count = 1;
            _at++;
            if (!char.IsAsciiLetter(c)) return true;
            for (; _at < pattern.Length && pattern[_at] == c; _at++) Count++;
            return true;
        }

        Letter = '\0';
        var text = new StringBuilder();
        while (_at < pattern.Length && !char.IsAsciiLetter(pattern[_at]) && pattern[_at] is not ('[' or ']' or '{' or '}' or '#'))
            if (!TryLiteral(text)) return false;
        Literal = text.ToString();
        return true;
    }

    /// <summary>Whether a quote was opened that nothing closes.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>A character, or what stands in quotes; two quotes are one, inside of them and outside.</summary>
    private bool TryLiteral(StringBuilder text)
    {
        var c = pattern[_at++];
        if (c != '\'')
        {
            text.Append(c);
            return true;
        }

        if (_at < pattern.Length && pattern[_at] == '\'')
        {
            text.Append('\'');
            _at++;
            return true;
        }

        while (_at < pattern.Length)
        {
            c = pattern[_at++];
            if (c != '\'')
            {
                text.Append(c);
                continue;
            }

            if (_at == pattern.Length || pattern[_at] != '\'') return true;
            text.Append('\'');
            _at++;
        }

        IsOpen = true;
        return false;
    }
}
