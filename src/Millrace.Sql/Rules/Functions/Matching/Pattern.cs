using System.Text.RegularExpressions;

namespace Millrace.Sql.Rules.Functions.Matching;

/// <summary>A regular expression of Java's, as AWS has them, ready to be looked for. Any thread.</summary>
/// <remarks>
/// In time linear in the text where the pattern allows it: without look-around, back references and atomic groups. Everything else goes back and forth, which
/// hostile text can make endless; so that no search may take longer than <see cref="MaxTime"/>.
/// </remarks>
internal sealed class Pattern
{
    public static readonly TimeSpan MaxTime = TimeSpan.FromMilliseconds(250);

    // In characters; such repetitions in each other multiply, and so does the memory for them.
    private const int MaxRepetition = 1000;

    private readonly Regex _regex;

    private Pattern(Regex regex) => _regex = regex;

    public int Groups => _regex.GetGroupNumbers().Length;

    /// <summary>Null where it is no regular expression; with a reason where it is one of Java's that there is not here.</summary>
    public static Pattern? TryCreate(string java, out string problem)
    {
        if (!JavaPattern.TryTranslate(java, MaxRepetition, out var pattern, out problem)) return null;
        try
        {
            return new Pattern(new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, MaxTime));
        }
        catch (NotSupportedException)
        {
            return new Pattern(new Regex(pattern, RegexOptions.CultureInvariant, MaxTime));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    public static Pattern? TryCreate(string java) => TryCreate(java, out _);

    /// <exception cref="RegexMatchTimeoutException"/>
    public bool IsMatch(ReadOnlySpan<char> text) => _regex.IsMatch(text);

    /// <summary>Where the first match is; null where there is none.</summary>
    /// <exception cref="RegexMatchTimeoutException"/>
    public Range? First(ReadOnlySpan<char> text)
    {
        foreach (var match in _regex.EnumerateMatches(text)) return match.Index..(match.Index + match.Length);
        return null;
    }

    /// <exception cref="RegexMatchTimeoutException"/>
    public Match Match(string text) => _regex.Match(text);

    public int GroupNumber(string name) => _regex.GroupNumberFromName(name);
}
