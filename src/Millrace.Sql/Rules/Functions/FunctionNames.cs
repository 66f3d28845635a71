using Millrace.Sql.Rules.Syntax;

namespace Millrace.Sql.Rules.Functions;

/// <summary>What to say about a name that no function has.</summary>
internal static class FunctionNames
{
    // Aggregates and words of other dialects, where the nearest name by spelling would mislead.
    private static readonly string[] Aggregates = ["avg", "count", "first", "hopping", "last", "max", "min", "session", "stddev", "sum", "tumbling", "window_end", "window_start"];

    /// <summary>Why there is no function of that name, and what there is.</summary>
    public static string Missing(string name) => Aggregates.Contains(name, StringComparer.OrdinalIgnoreCase)
        ? $"{name}() is of many messages, and a rule without windows sees one message: {Windows.WindowSpan.Advice}"
        : $"there is no function {name}(); the nearest is {Spelling.Nearest(name, FunctionList.All.Select(static function => function.Name))}()";
}
