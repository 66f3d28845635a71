namespace Millrace.Storage.Series.Query;

/// <summary>Helps with a table name that there is not.</summary>
internal static class NearNames
{
    private const int Shown = 3;

    /// <summary>Says that it is missing, and which are near to it.</summary>
    public static string Missing(string name, IEnumerable<string> tables)
    {
        var near = tables
            .Select(table => (Table: table, Distance: Math.Min(Distance(name, table), Distance(name, table[(table.IndexOf('.', StringComparison.Ordinal) + 1)..]))))
            .Where(one => one.Distance <= Math.Max(2, name.Length / 3))
            .OrderBy(static one => one.Distance).ThenBy(static one => one.Table, StringComparer.Ordinal)
            .Take(Shown).Select(static one => Written(one.Table)).ToList();
        var help = near.Count > 0 ? $"near to it: {string.Join(", ", near)}" : "a table is named database.table, as in SELECT * FROM fleet.telemetry";
        return $"There is no table {SeriesLimits.Short(name)}; {help}.";
    }

    // As it has to be written in SQL.
    private static string Written(string table) =>
        table.Contains('-', StringComparison.Ordinal) ? string.Join('.', table.Split('.').Select(static part => $"\"{part}\"")) : table;

    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 20 || a.Length > 200) return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                (row[j], diagonal) = (Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + same), row[j]);
            }
        }

        return row[b.Length];
    }
}
