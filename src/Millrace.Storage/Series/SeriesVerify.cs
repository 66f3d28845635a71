using System.Globalization;
using Millrace.Contracts;
using Millrace.Storage.Files;
using Millrace.Storage.Series.Blocks;

namespace Millrace.Storage.Series;

/// <summary>Reads the time series of a data directory: manifest, names, replaced rows and every byte of the block files. Reports what is not as it was written, and changes nothing.</summary>
public sealed class SeriesVerify(IDisk disk, Action<DiskFault> found)
{
    private const string Unlisted = "the manifest does not list it, so it is nobody's: a crash left it, and the next start removes it";

    /// <summary>Files that are only in a bucket, and were not read.</summary>
    public int RemoteFiles { get; private set; }

    /// <summary>In the files that were read.</summary>
    public long Rows { get; private set; }

    public void Run(CancellationToken stop)
    {
        Manifest? manifest = null;
        Guard(SeriesFiles.ManifestPath, () => manifest = Read());
        string[] there = [.. DiskTree.Files(disk, SeriesFiles.TablesPath), .. DiskTree.Files(disk, SeriesFiles.NamesRoot)];
        if (manifest is null)
        {
            if (!disk.Exists(SeriesFiles.ManifestPath) && there.Length > 0)
                found(DiskFault.At(SeriesFiles.ManifestPath, 0, $"is missing, though there are {there.Length} files that it should list: the next start would remove them. Restore it from a backup of the same time as them"));
            return;
        }

        var byId = new Dictionary<int, SeriesTable>();
        var tables = new SeriesTables();
        foreach (var table in manifest.Tables) Guard(SeriesFiles.ManifestPath, () => byId.Add(table.Id, tables.Restore(table)));
        var readable = true;
        foreach (var path in manifest.Names) readable &= Guard(path, () => NamesFile.Load(Small(path), path, byId));
        foreach (var table in manifest.Tables)
        {
            if (table.Replaced is { } replaced) Guard(replaced, () => ReplacedFile.Load(Small(replaced), replaced, new ReplacedRows()));
            foreach (var file in table.Files)
            {
                stop.ThrowIfCancellationRequested();
                Guard(file.Path, () => Verify(table, file, readable ? byId.GetValueOrDefault(table.Id) : null, stop));
            }
        }

        foreach (var path in there.Except(manifest.Paths())) found(DiskFault.At(path, 0, Unlisted, isDamage: false));
    }

    private Manifest? Read()
    {
        if (AtomicFile.Read(disk, SeriesFiles.ManifestPath) is not { } bytes) return null;
        var manifest = SeriesFiles.Parse(bytes, SeriesFiles.ManifestPath);
        return WrongIn(manifest) is { } wrong
            ? throw new FaultException(Fault.Corrupt, $"{SeriesFiles.ManifestPath}, byte 0: {wrong}, which the store never writes. Restore the series directory from a backup.")
            : manifest;
    }

    // What the compiler takes for granted, and a file need not have.
    private static string? WrongIn(Manifest manifest)
    {
        if (manifest.Names is null || manifest.Tables is null || manifest.Tables.Any(static table => table?.Files is null || table.Columns is null || table.Name is null
                || table.Dimensions is null || table.Measures is null || table.MeasureNames is null || table.Files.Any(static file => file is null)
                || table.Columns.Any(static column => column.Name is not { Length: > 0 }) || table.Measures.Any(static measure => measure?.Name is null)))
            return "a list or a name in it is null";
        if (manifest.Paths().FirstOrDefault(static path => !IsOurs(path)) is { } path) return $"it lists {path ?? "a file without a path"}";
        return null;
    }

    private static bool IsOurs(string? path) =>
        path is not null && (path.StartsWith(SeriesFiles.TablesPath + "/", StringComparison.Ordinal) || path.StartsWith(SeriesFiles.NamesRoot + "/", StringComparison.Ordinal))
        && !path.Split('/').Any(static part => part is "" or "." or "..") && !path.Any(char.IsControl);

    private byte[] Small(string path) =>
        AtomicFile.Read(disk, path) ?? throw new FaultException(Fault.Corrupt, $"{path}, byte 0: is missing, and the manifest lists it. Restore the series directory from a backup.");

    private void Verify(ManifestTable table, ColdFile file, SeriesTable? known, CancellationToken stop)
    {
        if (!disk.Exists(file.Path) && file.Remote)
        {
            RemoteFiles++;
            return;
        }

        if (IsOld(file))
        {
            found(DiskFault.At(file.Path, 0, "is a Parquet file of an earlier version, which the next start rewrites; it was not looked at", isDamage: false));
            return;
        }

        var faults = BlockVerify.Run(disk, file.Path, table.Columns, stop);
        foreach (var fault in faults) found(new DiskFault($"{fault} {Meaning(table, file)}"));
        if (faults.Count == BlockVerify.MostFaults) found(new DiskFault($"{file.Path}: it has so many faults that the rest was not looked at. {Meaning(table, file)}"));
        if (faults.Count > 0) return;
        using var blocks = BlockFile.Open(disk, file.Path, table.Columns);
        Rows += file.Rows;
        if (Difference(blocks, file) is { } difference) found(DiskFault.At(SeriesFiles.ManifestPath, 0, $"says of {file.Path} {difference}. Restore the series directory from a backup."));
        else if (known is not null && blocks.Blocks is [.., var last] && last.LastSeries >= known.Series.Count)
            found(new DiskFault($"{file.Path}, byte 0: it has rows of series {last.LastSeries}, and the names files of {table.Name} know {known.Series.Count}: those rows have no dimensions. Restore the series directory from a backup."));
    }

    private static bool IsOld(ColdFile file) => file.Path.EndsWith(".parquet", StringComparison.Ordinal);

    private static string? Difference(BlockFile blocks, ColdFile listed)
    {
        var rows = 0L;
        var (from, to) = (long.MaxValue, long.MinValue);
        foreach (var block in blocks.Blocks)
        {
            rows += block.Rows;
            (from, to) = (Math.Min(from, block.FromNs), Math.Max(to, block.ToNs));
        }

        return rows != listed.Rows ? $"that it has {listed.Rows} rows, and it has {rows}"
            : rows > 0 && (from < listed.FromNs || to > listed.ToNs) ? "another time than its rows have: queries would pass over some of them"
            : null;
    }

    private static string Meaning(ManifestTable table, ColdFile file) =>
        $"It has rows of {table.Name} from {Time(file.FromNs)} to {Time(file.ToNs)}; queries that read what is spoilt fail, others go on.{(file.Remote ? " The bucket has a copy: remove the file while the server is stopped, and it is fetched again." : "")}";

    private static string Time(long ns) => DateTime.UnixEpoch.AddTicks(ns / 100).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private bool Guard(string path, Action verify)
    {
        try
        {
            verify();
            return true;
        }
        catch (FaultException corrupt)
        {
            found(new DiskFault(corrupt.Message));
        }
        catch (Exception bad) when (bad is not OperationCanceledException)
        {
            // Whatever somebody put into these files, the next one is looked at too.
            found(DiskFault.At(path, 0, $"cannot be read: {bad.Message} Restore the series directory from a backup."));
        }

        return false;
    }
}
