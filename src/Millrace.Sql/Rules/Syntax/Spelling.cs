namespace Millrace.Sql.Rules.Syntax;

/// <summary>The word that was perhaps meant.</summary>
internal static class Spelling
{
    // More letters than this are far from every word of the language.
    private const int Longest = 40;

    /// <summary><c>; did you mean FROM?</c>, or nothing where no word is near.</summary>
    public static string Hint(string name, IEnumerable<string> words)
    {
        if (name.Length is < 2 or > Longest) return "";
        var nearest = Nearest(name, words);
        return nearest is not null && Distance(nearest, name) <= Math.Max(1, Math.Min(nearest.Length, name.Length) / 3) ? $"; did you mean {nearest}?" : "";
    }

    /// <summary>The word nearest to a name, however far it is; null where there are none.</summary>
    public static string? Nearest(string name, IEnumerable<string> words)
    {
        var start = name.Length > Longest ? name[..Longest] : name;
        return words.MinBy(word => Distance(word, start));
    }

    /// <summary>Letters to add, drop, change or swap to make one word of the other, in any case.</summary>
    private static int Distance(string word, string name)
    {
        var (before, last, row) = (new int[name.Length + 1], new int[name.Length + 1], new int[name.Length + 1]);
        for (var j = 0; j <= name.Length; j++) last[j] = j;
        for (var i = 1; i <= word.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= name.Length; j++)
            {
                var same = Lower(word[i - 1]) == Lower(name[j - 1]);
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && Lower(word[i - 1]) == Lower(name[j - 2]) && Lower(word[i - 2]) == Lower(name[j - 1]))
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }

            (before, last, row) = (last, row, before);
        }

        return last[name.Length];
    }

    private static char Lower(char c) => char.ToLowerInvariant(c);
}
