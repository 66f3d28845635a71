using System.Text.RegularExpressions;
using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series.Outside;

/// <summary>Files of a directory as tables <c>reference.NAME</c>, NAME being the file's without its ending: CSV with a heading, Parquet, JSON Lines, or an array of JSON objects.</summary>
/// <remarks>
/// A file is read when a query names it and it is new or has changed, and held in memory. Only files directly in the directory count; a link only where it leads to a file below the directory.
/// </remarks>
internal sealed partial class ReferenceFolder(string directory) : IOutsideFolder
{
    internal const int MaxFiles = 200;
    internal const int MaxBytes = 64 << 20;

    private static readonly string[] Endings = [".csv", ".parquet", ".jsonl", ".ndjson", ".json"];

    private readonly Dictionary<string, (string Path, long Length, DateTime Changed)> _read = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, FileInfo> _files = new(StringComparer.OrdinalIgnoreCase);

    public string Schema => "reference";

    public IReadOnlyList<OutsideTable> List()
    {
        _files.Clear();
        var tables = new Dictionary<string, OutsideTable>(StringComparer.OrdinalIgnoreCase);
        if (!Directory.Exists(directory)) return [];
        foreach (var file in new DirectoryInfo(directory).EnumerateFiles().OrderBy(static file => file.Name, StringComparer.Ordinal).Take(MaxFiles))
        {
            var name = Path.GetFileNameWithoutExtension(file.Name);
            if (!Array.Exists(Endings, ending => file.Extension.Equals(ending, StringComparison.OrdinalIgnoreCase)) || !Names().IsMatch(name)) continue;
            var problem = tables.TryGetValue(name, out var other) ? $"{_files[other.Name].Name} and {file.Name} would both be that table; rename one of them" : ProblemOf(file);
            tables[name] = new OutsideTable(Schema, name, problem);
            _files[name] = file;
        }

        return [.. tables.Values];
    }

    public void Prepare(Connection connection, OutsideTable table)
    {
        var file = _files.GetValueOrDefault(table.Name) ?? throw new IOException("the file is not there any more");
        var stamp = (file.FullName, file.Length, file.LastWriteTimeUtc);
        if (_read.TryGetValue(table.Name, out var read) && read == stamp) return;
        _read.Remove(table.Name);
        var kept = $"{SeriesSql.Quote(OutsideTables.Schema)}.{SeriesSql.Quote($"reference {table.Name.ToLowerInvariant()}")}";
        try
        {
            connection.Execute($"CREATE OR REPLACE TABLE {kept} AS SELECT * FROM {Reader(file)}");
        }
        catch (DuckDbException broken)
        {
            var reason = file.Extension.Equals(".csv", StringComparison.OrdinalIgnoreCase) ? CsvLine(connection, file) ?? broken.Message : broken.Message;
            throw new IOException(FirstLines(reason).Replace(file.FullName, file.Name, StringComparison.Ordinal), broken);
        }

        connection.Execute($"CREATE OR REPLACE VIEW {SeriesSql.Quote(Schema)}.{SeriesSql.Quote(table.Name)} AS SELECT * FROM {kept}");
        file.Refresh();

        // Written to while it was read: what was read may be half of each, and the next query reads it again.
        if (file.Exists && stamp == (file.FullName, file.Length, file.LastWriteTimeUtc)) _read[table.Name] = stamp;
    }

    private string? ProblemOf(FileInfo file)
    {
        var target = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true);
        if (target is not FileInfo { Exists: true } real) return $"{file.Name} is a link that leads to no file";
        if (target != file && !real.FullName.StartsWith(Path.GetFullPath(directory) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            return $"{file.Name} is a link that leads out of the directory of reference files";
        if (real.Length == 0) return $"{file.Name} is empty, or no file: a table has a line of names at least";
        return real.Length > MaxBytes ? $"{file.Name} has {real.Length} bytes, and {MaxBytes} are read at most; larger ones are for millrace import, or for the lake" : null;
    }

    private static string Reader(FileInfo file)
    {
        var path = SeriesSql.Literal(file.FullName);
        return file.Extension.ToLowerInvariant() switch
        {
            ".csv" => $"read_csv({path}, header = true, delim = ',', quote = '\"', escape = '\"', skip = 0, sample_size = -1, strict_mode = true)",
            ".parquet" => $"read_parquet({path}, hive_partitioning = false)",
            ".json" => $"read_json({path}, format = 'auto', sample_size = -1)",
            _ => $"read_json({path}, format = 'newline_delimited', sample_size = -1)",
        };
    }

    // Where columns do not come out even, DuckDB only says that it found no dialect; told what the heading has, it names the line.
    private static string? CsvLine(Connection connection, FileInfo file)
    {
        using var reader = file.OpenText();
        var heading = reader.ReadLine() ?? "";
        var (cells, quoted) = (1, false);
        foreach (var c in heading)
        {
            if (c == '"') quoted = !quoted;
            else if (c == ',' && !quoted) cells++;
        }

        var columns = string.Join(", ", Enumerable.Range(0, cells).Select(static i => $"'c{i}': 'VARCHAR'"));
        try
        {
            connection.Execute($"SELECT count(*) FROM read_csv({SeriesSql.Literal(file.FullName)}, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}})");
            return null;
        }
        catch (DuckDbException told)
        {
            return told.Message;
        }
    }

    // The rest of what DuckDB says of a CSV file are its own settings.
    private static string FirstLines(string message) => string.Join(' ', message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(3));

    [GeneratedRegex("^[A-Za-z0-9_-]{1,128}$")]
    private static partial Regex Names();
}
