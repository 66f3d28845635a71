namespace Millrace.Benchmarks.Series.Questions;

/// <summary>Rows of string, long or double by the question's columns, or null; in an order that is the same for equal answers.</summary>
internal sealed class Answer
{
    public IReadOnlyList<object?[]> Rows { get; }

    public Answer(IEnumerable<object?[]> rows, IReadOnlyList<ColumnKind> columns)
    {
        // Numbers last: they may differ by a hair, and then must not decide what is compared with what.
        var order = Enumerable.Range(0, columns.Count).OrderBy(c => columns[c] == ColumnKind.Number).ToArray();
        var sorted = rows.ToList();
        sorted.Sort((a, b) => order.Select(c => Compare(a[c], b[c])).FirstOrDefault(static c => c != 0));
        Rows = sorted;
    }

    private static int Compare(object? a, object? b) => (a, b) switch
    {
        (string x, string y) => string.CompareOrdinal(x, y),
        (long x, long y) => x.CompareTo(y),
        (double x, double y) => x.CompareTo(y),
        _ => (a is null ? 0 : 1) - (b is null ? 0 : 1),
    };
}
