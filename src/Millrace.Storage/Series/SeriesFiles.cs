using System.Text.Json;
using Millrace.Contracts;
using Millrace.Storage.Files;
using Millrace.Storage.Series.Blocks;

namespace Millrace.Storage.Series;

/// <summary>The store's files: where they are, and that they are safe.</summary>
internal sealed class SeriesFiles(IDisk disk, string root)
{
    public const string Directory = "series";

    private const string ManifestPath = Directory + "/manifest.json";
    private const string Tables = Directory + "/tables";
    private const string Names = Directory + "/names";
    private const string Spill = Directory + "/spill";
    private const string Answers = Directory + "/answers";
    private const string Lake = "lake/raw";

    /// <summary>The data directory, absolute: DuckDB opens files by their whole path.</summary>
    public string Root { get; } = root;

    public string TablesRoot => Full(Tables);

    public string SpillRoot => Full(Spill);

    /// <summary>Where answers are written that are files; each is there for as long as it is sent.</summary>
    public string AnswersRoot => Full(Answers);

    /// <summary>Where the lake has a directory for each of its tables.</summary>
    public string LakeRoot => Full(Lake);

    /// <summary>The directory of reference files where no other is given.</summary>
    public string ReferenceRoot => Full("reference");

    public string Full(string path) => Path.Combine(Root, path);

    public static string NamesPath(int generation) => $"{Names}/{generation:D8}.names";

    public static string RowsPath(SeriesTable table, int generation, int part) => $"{TablePath(table)}/{generation:D8}-{part}.blocks";

    public static string MergedPath(SeriesTable table, int generation, int number) => $"{TablePath(table)}/{generation:D8}-merged{number}.blocks";

    public static string ReplacedPath(SeriesTable table, int generation) => $"{TablePath(table)}/{generation:D8}.replaced";

    public void MakeDirectories()
    {
        System.IO.Directory.CreateDirectory(TablesRoot);
        System.IO.Directory.CreateDirectory(SpillRoot);
        if (System.IO.Directory.Exists(AnswersRoot)) System.IO.Directory.Delete(AnswersRoot, recursive: true);
        System.IO.Directory.CreateDirectory(AnswersRoot);
    }

    /// <summary>Files of rows, to be finished and then listed.</summary>
    public BlockParts WriteRows(SeriesTable table, int generation, IReadOnlyList<long> cutsNs, int columns) =>
        new(disk, [.. table.Stored.Take(columns)], cutsNs, part => RowsPath(table, generation, part));

    /// <summary>Writes a file that has the rows of several.</summary>
    public ColdFile Merge(SeriesTable table, IReadOnlyList<ColdFile> parts, string path, int columns)
    {
        var opened = new List<BlockFile>();
        try
        {
            foreach (var part in parts) opened.Add(BlockFile.Open(disk, part.Path, table.Stored));
            var merged = BlockMerge.Run(disk, [.. table.Stored.Take(columns)], opened, [], _ => path, static (_, _, _) => true, CancellationToken.None).Single();
            return new ColdFile(path, merged.Summary.Rows, merged.Summary.Bytes, merged.Summary.FromNs, merged.Summary.ToNs, columns);
        }
        finally
        {
            foreach (var file in opened) file.Dispose();
        }
    }

    /// <summary>A file of rows that the manifest lists.</summary>
    public ColdBlocks Rows(SeriesTable table, ColdFile file) => new(file, listed => BlockFile.Open(disk, listed.Path, table.Stored));

    /// <summary>Makes the names of a table's files safe.</summary>
    public void SyncDirectory(SeriesTable table)
    {
        disk.SyncDirectory(TablePath(table));
        disk.SyncDirectory(Tables);
    }

    public void WriteNames(string path, byte[] bytes) => AtomicFile.Write(disk, path, bytes);

    public byte[] ReadNames(string path) => AtomicFile.Read(disk, path) ?? throw Missing(path);

    public void WriteReplaced(string path, byte[] bytes) => AtomicFile.Write(disk, path, bytes);

    public byte[] ReadReplaced(string path) => AtomicFile.Read(disk, path) ?? throw Missing(path);

    public void WriteManifest(Manifest manifest) =>
        AtomicFile.Write(disk, ManifestPath, JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJson.Default.Manifest));

    /// <summary>The manifest, and all files it lists are there; an empty one where nothing was moved to files yet.</summary>
    public Manifest ReadManifest()
    {
        if (AtomicFile.Read(disk, ManifestPath) is not { } bytes) return new Manifest();
        Manifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(bytes, ManifestJson.Default.Manifest);
        }
        catch (JsonException broken)
        {
            throw new FaultException(Fault.Corrupt, $"{ManifestPath} is not what the store wrote: {broken.Message}. Restore the series directory from a backup.", broken);
        }

        if (manifest is not { Format: Manifest.CurrentFormat })
            throw new FaultException(Fault.Corrupt, $"{ManifestPath} has format {manifest?.Format}; this program reads {Manifest.CurrentFormat}. A newer program wrote it.");
        foreach (var path in Listed(manifest))
            if (!disk.Exists(path)) throw Missing(path);
        return manifest;
    }

    /// <summary>Deletes what a move that did not come to its end left behind.</summary>
    public void DeleteUnlisted(Manifest manifest)
    {
        var listed = Listed(manifest).ToHashSet(StringComparer.Ordinal);
        var found = disk.List(Tables).SelectMany(table => disk.List($"{Tables}/{table}").Select(name => $"{Tables}/{table}/{name}"))
            .Concat(disk.List(Names).Select(static name => $"{Names}/{name}"));
        foreach (var path in found)
            if (!listed.Contains(path)) disk.Delete(path);
        foreach (var spilled in System.IO.Directory.EnumerateFiles(SpillRoot)) File.Delete(spilled);
    }

    public bool Exists(string path) => disk.Exists(path);

    /// <summary>Deletes a file that no manifest lists any more; one that is not there is no matter.</summary>
    public void Delete(string path)
    {
        if (disk.Exists(path)) disk.Delete(path);
    }

    private static IEnumerable<string> Listed(Manifest manifest) => manifest.Names
        .Concat(manifest.Tables.SelectMany(static table => table.Files.Select(static file => file.Path)))
        .Concat(manifest.Tables.Select(static table => table.Replaced).OfType<string>());

    private static FaultException Missing(string path) =>
        new(Fault.Corrupt, $"{path} is missing, and the manifest lists it. Restore the series directory from a backup.");

    private static string TablePath(SeriesTable table) => $"{Tables}/{table.Id:D5}-{SeriesLimits.Short(table.Name.ToString())}";
}
