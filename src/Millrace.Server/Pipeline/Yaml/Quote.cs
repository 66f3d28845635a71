using System.Text;

namespace Millrace.Server.Pipeline.Yaml;

/// <summary>Words of a file inside our own sentences: short, and without anything a terminal would act on.</summary>
internal static class Quote
{
    private const int Longest = 60;

    public static string Name(string text)
    {
        var shown = new StringBuilder();
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, Longest))) shown.Append(char.IsControl(c) ? '?' : c);
        if (text.Length > Longest) shown.Append('…');
        return shown.ToString();
    }

    public static string Text(string text) => $"'{Name(text)}'";

    /// <summary>Says which of the possible names was perhaps meant, or lists them.</summary>
    public static string Meant(string given, IReadOnlyCollection<string> possible)
    {
        var nearest = given.Length > Longest ? null : possible
            .Select(name => (name, distance: Distance(given.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(pair => pair.distance <= Math.Max(1, Math.Max(given.Length, pair.name.Length) / 3))
            .OrderBy(static pair => pair.distance)
            .Select(static pair => pair.name)
            .FirstOrDefault();
        if (nearest is not null) return $"did you mean {nearest}?";
        return possible.Count == 0 ? "there is none to choose from" : $"it is one of {string.Join(", ", possible.Take(20))}";
    }

    /// <summary>How many letters must be put in, taken out or changed (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
