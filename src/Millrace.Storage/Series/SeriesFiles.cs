using System.Globalization;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Series;

/// <summary>The store's files: where they are, and that they are safe.</summary>
internal sealed class SeriesFiles(IDisk disk, string root)
{
    public const string Directory = "series";

    public const string ManifestPath = Directory + "/manifest.json";
    public const string TablesPath = Directory + "/tables";
    public const string NamesRoot = Directory + "/names";
    private const string Tables = TablesPath;
    private const string Names = NamesRoot;
    private const string Spill = Directory + "/spill";
    private const string Answers = Directory + "/answers";
    private const string Lake = "lake";

    // A path is never given twice, also not after a crash or on a disk that was put back from a backup: a bucket may have a file of that name.
    private readonly string _life = Guid.NewGuid().ToString("N")[..8];
    private int _number;

    /// <summary>Ends the name of a file that is being copied from a bucket.</summary>
    public const string Fetched = ".fetched";

    /// <summary>The data directory, absolute: DuckDB opens files by their whole path.</summary>
    public string Root { get; } = root;

    public string TablesRoot => Full(Tables);

    public string SpillRoot => Full(Spill);

    /// <summary>Where answers are written that are files; each is there for as long as it is sent.</summary>
    public string AnswersRoot => Full(Answers);

    /// <summary>The lake's directory.</summary>
    public string LakeRoot => Full(Lake);

    /// <summary>The directory of reference files where no other is given.</summary>
    public string ReferenceRoot => Full("reference");

    public string Full(string path) => Path.Combine(Root, path);

    public string NamesPath(int generation) => $"{Names}/{Unique(generation)}.names";

    public string ReplacedPath(SeriesTable table, int generation) => $"{TablePath(table)}/{Unique(generation)}.replaced";

    public string BlocksPath(SeriesTable table, int generation) => $"{TablePath(table)}/{Unique(generation)}.blocks";

    public void MakeQueryDirectories()
    {
        System.IO.Directory.CreateDirectory(SpillRoot);
        foreach (var spilled in System.IO.Directory.EnumerateFiles(SpillRoot)) File.Delete(spilled);
        if (System.IO.Directory.Exists(AnswersRoot)) System.IO.Directory.Delete(AnswersRoot, recursive: true);
        System.IO.Directory.CreateDirectory(AnswersRoot);
    }

    /// <summary>Makes the names of a table's files safe.</summary>
    public void SyncDirectory(SeriesTable table)
    {
        disk.SyncDirectory(TablePath(table));
        disk.SyncDirectory(Tables);
    }

    public void WriteNames(string path, byte[] bytes) => AtomicFile.Write(disk, path, bytes);

    /// <summary>A file of names or of replaced rows.</summary>
    public byte[] ReadSmall(string path) => AtomicFile.Read(disk, path) ?? throw Missing(path);

    public void WriteManifest(Manifest manifest) =>
        AtomicFile.Write(disk, ManifestPath, JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJson.Default.Manifest));

    /// <summary>What was moved to files; null where nothing was.</summary>
    public Manifest? ReadManifest() => AtomicFile.Read(disk, ManifestPath) is { } bytes ? Parse(bytes, ManifestPath) : null;

    /// <param name="bytes">Of a manifest.</param>
    /// <param name="where">For messages.</param>
    public static Manifest Parse(ReadOnlySpan<byte> bytes, string where)
    {
        Manifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(bytes, ManifestJson.Default.Manifest);
        }
        catch (JsonException broken)
        {
            throw new FaultException(Fault.Corrupt, $"{where} is not what the store wrote: {broken.Message}. Restore the series directory from a backup.", broken);
        }

        return manifest is { Format: Manifest.CurrentFormat or Manifest.ParquetFormat }
            ? manifest
            : throw new FaultException(Fault.Corrupt, $"{where} has format {manifest?.Format}; this program reads up to {Manifest.CurrentFormat}. A newer program wrote it.");
    }

    /// <summary>All files that a manifest lists are on the disk, or in its bucket.</summary>
    /// <param name="manifest">As it was read.</param>
    /// <param name="bucket">What the store was given; null where it has none.</param>
    public void CheckAllThere(Manifest manifest, string? bucket)
    {
        var remote = manifest.Tables.SelectMany(static table => table.Files).Where(static file => file.Remote).Select(static file => file.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var path in manifest.Paths())
        {
            if (disk.Exists(path)) continue;
            if (!remote.Contains(path)) throw Missing(path);
            if (manifest.Bucket != bucket)
                throw new FaultException(Fault.Refused, $"{path} and perhaps others are only in {manifest.Bucket}, and this server is set to use {bucket ?? "no bucket"}: set seriesRemote to it");
        }
    }

    /// <summary>Deletes what a move that did not come to its end left behind.</summary>
    public void DeleteUnlisted(Manifest manifest)
    {
        var listed = manifest.Paths().ToHashSet(StringComparer.Ordinal);
        var found = disk.List(Tables).SelectMany(table => disk.List($"{Tables}/{table}").Select(name => $"{Tables}/{table}/{name}"))
            .Concat(disk.List(Names).Select(static name => $"{Names}/{name}"));
        foreach (var path in found)
            if (!listed.Contains(path)) disk.Delete(path);
    }

    public bool Exists(string path) => disk.Exists(path);

    public IDisk Disk => disk;

    /// <summary>A file that is not there is made.</summary>
    public IFile Open(string path) => disk.Open(path);

    public long Length(string path)
    {
        using var file = disk.Open(path);
        return file.Length;
    }

    /// <summary>Gives a file that was synced its name.</summary>
    public void Keep(string unfinished, string path)
    {
        disk.Rename(unfinished, path);
        disk.SyncDirectory(AtomicFile.DirectoryOf(path));
    }

    /// <summary>Deletes a file that no manifest lists any more; one that is not there is no matter.</summary>
    public void Delete(string path)
    {
        if (disk.Exists(path)) disk.Delete(path);
    }

    private static FaultException Missing(string path) =>
        new(Fault.Corrupt, $"{path} is missing, and the manifest lists it. Restore the series directory from a backup.");

    private string Unique(int generation) => string.Create(CultureInfo.InvariantCulture, $"{generation:D8}-{_life}-{Interlocked.Increment(ref _number)}");

    private static string TablePath(SeriesTable table) => $"{Tables}/{table.Id:D5}-{SeriesLimits.Short(table.Name.ToString())}";
}
