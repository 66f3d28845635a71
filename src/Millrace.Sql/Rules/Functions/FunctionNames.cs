namespace Millrace.Sql.Rules.Functions;

/// <summary>What to say about a name that no function has.</summary>
internal static class FunctionNames
{
    // Aggregates and words of other dialects, where the nearest name by spelling would mislead.
    private static readonly string[] Aggregates = ["avg", "count", "first", "hopping", "last", "max", "min", "session", "stddev", "sum", "tumbling", "window_end", "window_start"];

    /// <summary>Why there is no function of that name, and what there is.</summary>
    public static string Missing(string name) => Aggregates.Contains(name, StringComparer.OrdinalIgnoreCase)
        ? $"{name}() is of many messages, and a rule without windows sees one message: {Windows.WindowSpan.Advice}"
        : $"there is no function {name}(); the nearest is {FunctionList.All.Select(f => f.Name).MinBy(known => Distance(known, name))}()";

    /// <summary>Letters to add, drop or change to make one word of the other.</summary>
    private static int Distance(string known, string name)
    {
        // Names in a statement can be very long; more letters than this are far from every function anyway.
        var word = name.Length > 40 ? name[..40] : name;
        var row = Enumerable.Range(0, word.Length + 1).ToArray();
        for (var i = 1; i <= known.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= word.Length; j++)
            {
                var same = char.ToLowerInvariant(known[i - 1]) == char.ToLowerInvariant(word[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
