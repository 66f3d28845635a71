using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series.Outside;

/// <summary>Directories of the lake as tables <c>lake.NAME</c>: all JSON Lines and Parquet files below, and a column for each <c>key=value</c> in their paths.</summary>
/// <remarks>
/// Files come into these directories whole, by renaming, so that none is read that is still written. Columns are what DuckDB makes of a sample; a line that is no JSON, or does not fit, is a row without those values.
/// </remarks>
/// <param name="directory">Absolute, with a directory for each table.</param>
internal sealed class LakeFolder(string directory) : IOutsideFolder
{
    private static readonly string[] JsonEndings = [".jsonl.gz", ".json.gz", ".ndjson.gz", ".jsonl", ".ndjson", ".json"];
    private static readonly EnumerationOptions Below = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint };

    private readonly Dictionary<string, (int Files, long Changed)> _seen = [];

    public string Schema => "lake";

    public IReadOnlyList<OutsideTable> List() => Directory.Exists(directory)
        ? [.. new DirectoryInfo(directory).EnumerateDirectories("*", new EnumerationOptions { AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint })
            .Select(static one => one.Name).Order(StringComparer.Ordinal).Select(name => new OutsideTable(Schema, name))]
        : [];

    public void Prepare(Connection connection, OutsideTable table)
    {
        var root = Path.Combine(directory, table.Name);
        var (files, changed, endings) = (0, 0L, new HashSet<string>(StringComparer.Ordinal));
        foreach (var file in new DirectoryInfo(root).EnumerateFiles("*", Below))
        {
            if (EndingOf(file.Name) is not { } ending) continue;
            endings.Add(ending);
            files++;
            changed = Math.Max(changed, file.LastWriteTimeUtc.Ticks);
        }

        if (files == 0) throw new IOException("there are no files in it yet");
        if (_seen.TryGetValue(table.Name, out var seen) && seen == (files, changed)) return;
        var parts = JsonEndings.Append(".parquet").Where(endings.Contains).Select(ending => $"SELECT * FROM {Reader(root, ending)}");
        connection.Execute($"CREATE OR REPLACE VIEW {SeriesSql.Quote(Schema)}.{SeriesSql.Quote(table.Name)} AS {string.Join(" UNION ALL BY NAME ", parts)}");
        _seen[table.Name] = (files, changed);
    }

    private static string? EndingOf(string name) =>
        name.EndsWith(".parquet", StringComparison.Ordinal) ? ".parquet" : Array.Find(JsonEndings, ending => name.EndsWith(ending, StringComparison.Ordinal));

    private static string Reader(string root, string ending)
    {
        var files = SeriesSql.Literal($"{root}/**/*{ending}");
        return ending == ".parquet"
            ? $"read_parquet({files}, hive_partitioning = true, union_by_name = true)"
            : $"read_json({files}, format = 'newline_delimited', hive_partitioning = true, union_by_name = true, ignore_errors = true, maximum_sample_files = 32)";
    }
}
