using System.Text.RegularExpressions;
using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series.Outside;

/// <summary>Destinations of the lake as tables <c>lake.NAME</c>: all their JSON Lines and Parquet files, and a column for each <c>key=value</c> in their paths.</summary>
/// <remarks>
/// The files of a destination are those below <c>raw/NAME</c>, and where it has a prefix, those whose name says that they are its. They come to their place whole, by renaming, so that none is read
/// that is still written. Columns are what DuckDB makes of a sample; a line that is no JSON, or does not fit, is a row without those values.
/// </remarks>
/// <param name="directory">Absolute.</param>
internal sealed partial class LakeFolder(string directory) : IOutsideFolder
{
    private static readonly string[] JsonEndings = [".jsonl.gz", ".json.gz", ".ndjson.gz", ".jsonl", ".ndjson", ".json"];
    private static readonly EnumerationOptions Below = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint };
    private static readonly EnumerationOptions Here = new() { AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint };

    private readonly Dictionary<string, (int Files, long Changed)> _seen = [];

    public string Schema => "lake";

    private string Raw => Path.Combine(directory, "raw");

    public IReadOnlyList<OutsideTable> List()
    {
        if (!Directory.Exists(directory)) return [];
        var names = new SortedSet<string>(StringComparer.Ordinal);
        if (Directory.Exists(Raw)) names.UnionWith(new DirectoryInfo(Raw).EnumerateDirectories("*", Here).Select(static one => one.Name));
        foreach (var (_, file) in Placed())
            if (Destination().Match(file.Name) is { Success: true } match) names.Add(match.Groups[1].Value);
        return [.. names.Select(name => new OutsideTable(Schema, name))];
    }

    public void Prepare(Connection connection, OutsideTable table)
    {
        var (files, changed, globs) = (0, 0L, new SortedSet<string>(StringComparer.Ordinal));
        var root = Path.Combine(Raw, table.Name);
        foreach (var file in Directory.Exists(root) ? new DirectoryInfo(root).EnumerateFiles("*", Below) : []) Add(file, root, "*");
        foreach (var (top, file) in Placed())
            if (Destination().Match(file.Name) is { Success: true } match && match.Groups[1].Value == table.Name) Add(file, top, $"*+{table.Name}-*");

        if (files == 0) throw new IOException("there are no files in it yet");
        if (_seen.TryGetValue(table.Name, out var seen) && seen == (files, changed)) return;
        var parts = globs.Select(static glob => $"SELECT * FROM {Reader(glob)}");
        connection.Execute($"CREATE OR REPLACE VIEW {SeriesSql.Quote(Schema)}.{SeriesSql.Quote(table.Name)} AS {string.Join(" UNION ALL BY NAME ", parts)}");
        _seen[table.Name] = (files, changed);

        void Add(FileInfo file, string top, string names)
        {
            if (EndingOf(file.Name) is not { } ending) return;
            globs.Add($"{top}/**/{names}{ending}");
            files++;
            changed = Math.Max(changed, file.LastWriteTimeUtc.Ticks);
        }
    }

    // The files of prefixes, each with the directory below the lake's that it is in.
    private IEnumerable<(string Top, FileInfo File)> Placed() => new DirectoryInfo(directory).EnumerateDirectories("*", Here)
        .Where(static top => top.Name is not ("raw" or "unfinished"))
        .SelectMany(static top => top.EnumerateFiles("*", Below).Select(file => (top.FullName, file)));

    private static string? EndingOf(string name) =>
        name.EndsWith(".parquet", StringComparison.Ordinal) ? ".parquet" : Array.Find(JsonEndings, ending => name.EndsWith(ending, StringComparison.Ordinal));

    private static string Reader(string glob)
    {
        var files = SeriesSql.Literal(glob);
        return glob.EndsWith(".parquet", StringComparison.Ordinal)
            ? $"read_parquet({files}, hive_partitioning = true, union_by_name = true)"
            : $"read_json({files}, format = 'newline_delimited', hive_partitioning = true, union_by_name = true, ignore_errors = true, maximum_sample_files = 32)";
    }

    [GeneratedRegex(@"\+([A-Za-z0-9_.-]+)-[0-9]+-[0-9]{20}-[0-9]{20}\.")]
    private static partial Regex Destination();
}
