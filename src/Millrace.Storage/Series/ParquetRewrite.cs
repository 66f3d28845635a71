using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Storage.DuckDb;
using Millrace.Storage.Files;
using Millrace.Storage.Series.Cold;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series;

/// <summary>Rewrites the Parquet files of format 1 as block files when a store opens.</summary>
/// <remarks>
/// The manifest of each round is committed before the Parquet files of it are deleted; a start that is interrupted goes on where it was.
/// </remarks>
internal sealed class ParquetRewrite(SeriesFiles files, SeriesOptions options, ILogger logger)
{
    private const string Parquet = ".parquet";
    private const int FilesAtOnce = 50;

    public Manifest Run(Manifest manifest)
    {
        var left = manifest.Tables.Sum(static table => table.Files.Count(IsParquet));
        manifest = manifest with { Format = Manifest.CurrentFormat };
        if (left == 0 && !manifest.Tables.Any(static table => IsParquet(table.Replaced))) return manifest;
        logger.LogInformation("Time series are rewritten from {Files} Parquet files into block files; this happens once, and the server starts when it is done", left);
        var begun = Stopwatch.GetTimestamp();
        using var database = Open();
        using var connection = database.Connect();
        foreach (var table in manifest.Tables)
        {
            var known = table;
            while (known.Files.Any(IsParquet) || IsParquet(known.Replaced))
            {
                var next = Rewrite(connection, known, manifest.Generation);
                manifest = manifest with { Tables = [.. manifest.Tables.Select(one => one.Id == known.Id ? next : one)] };
                files.WriteManifest(manifest);
                foreach (var gone in known.Files.Where(IsParquet).Except(next.Files)) files.Delete(gone.Path);
                if (IsParquet(known.Replaced)) files.Delete(known.Replaced!);
                left -= known.Files.Count(IsParquet) - next.Files.Count(IsParquet);
                logger.LogInformation("{Table}: {Files} Parquet files are left to rewrite, after {Seconds:0} s", known.Name, left, Stopwatch.GetElapsedTime(begun).TotalSeconds);
                known = next;
            }
        }

        return manifest;
    }

    private static bool IsParquet(ColdFile file) => IsParquet(file.Path);

    private static bool IsParquet(string? path) => path?.EndsWith(Parquet, StringComparison.Ordinal) == true;

    private Database Open() => Database.Open(
    [
        ("autoinstall_known_extensions", "false"),
        ("autoload_known_extensions", "false"),
        ("threads", (options.Threads ?? Environment.ProcessorCount).ToString(CultureInfo.InvariantCulture)),
        ("memory_limit", string.Create(CultureInfo.InvariantCulture, $"{new SeriesBudget(options).Total >> 10}KiB")),
        ("temp_directory", files.SpillRoot),
    ]);

    private ManifestTable Rewrite(Connection connection, ManifestTable known, int generation)
    {
        var table = new SeriesTables().Restore(known with { Files = [] });
        var picked = known.Files.Where(IsParquet).Take(FilesAtOnce).ToList();
        var written = new List<ColdFile>();
        try
        {
            foreach (var file in picked) written.AddRange(Rewrite(connection, table, known, file, generation));
            return known with
            {
                Files = [.. known.Files.Except(picked), .. written],
                Replaced = IsParquet(known.Replaced) ? Replaced(connection, table, known.Replaced!, generation) : known.Replaced,
            };
        }
        catch (DuckDbException failed)
        {
            throw new FaultException(Fault.Corrupt, $"Parquet files of {known.Name} cannot be read: {failed.Message}. Restore the series directory from a backup.", failed);
        }
    }

    private IReadOnlyList<ColdFile> Rewrite(Connection connection, SeriesTable table, ManifestTable known, ColdFile file, int generation)
    {
        var columns = known.Columns.Take(file.Columns).ToList();
        var names = string.Join(", ", columns.Select(static column => column.Name));
        var version = columns.Exists(static column => column.Name == StoredColumn.Version) ? ", coalesce(version, 1)" : "";
        using var writer = new ColdWriter(files, table, columns, generation, Compaction.FileRows);
        using var result = connection.Query($"SELECT {names} FROM {Source(file.Path)} ORDER BY series, time{version}");
        var rows = new RowColumns { Columns = [.. columns.Select(static (column, slot) => slot < StoredColumn.First.Length ? null : new RowColumn(column.Type))] };
        var count = 0L;
        while (result.Fetch() is { } chunk)
        {
            using (chunk)
            {
                Read(chunk, columns, rows);
                writer.Append(rows, 0, rows.Count);
                count += rows.Count;
            }
        }

        return count == file.Rows
            ? writer.Finish()
            : throw new FaultException(Fault.Corrupt, $"{file.Path} has {count} rows, and the manifest says {file.Rows}. Restore the series directory from a backup.");
    }

    private static void Read(DataChunk chunk, List<StoredColumn> columns, RowColumns into)
    {
        into.Count = chunk.Count;
        var (series, times) = (chunk.Vector(0), chunk.Vector(1));
        for (var row = 0; row < chunk.Count; row++) (into.Series[row], into.TimeNs[row]) = (series.Value<int>(row), times.Value<long>(row));
        for (var slot = StoredColumn.First.Length; slot < columns.Count; slot++)
        {
            var (vector, column) = (chunk.Vector(slot), into.Columns[slot]!);
            column.Clear();
            for (var row = 0; row < chunk.Count; row++)
            {
                if (!vector.IsValid(row)) continue;
                if (column.Type == MeasureType.Varchar) column.Set(row, vector.Text(row));
                else column.Set(row, column.Type == MeasureType.Boolean ? vector.Value<byte>(row) : vector.Value<long>(row));
            }
        }
    }

    private string? Replaced(Connection connection, SeriesTable table, string from, int generation)
    {
        var rows = new List<ReplacedRow>();
        using var result = connection.Query($"SELECT series, time, version FROM {Source(from)}");
        while (result.Fetch() is { } chunk)
        {
            using (chunk)
            {
                for (var row = 0; row < chunk.Count; row++)
                    rows.Add(new ReplacedRow(chunk.Vector(0).Value<int>(row), chunk.Vector(1).Value<long>(row), chunk.Vector(2).Value<long>(row), 0, 0));
            }
        }

        if (rows.Count == 0) return null;
        var path = files.ReplacedPath(table, generation);
        AtomicFile.Write(files.Disk, path, ReplacedFile.Write(rows));
        return path;
    }

    private string Source(string path) => $"read_parquet([{SeriesSql.Literal(files.Full(path))}], hive_partitioning = false)";
}
