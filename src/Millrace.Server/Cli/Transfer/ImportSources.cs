using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Millrace.Server.Cli.Output;

namespace Millrace.Server.Cli.Transfer;

/// <summary>What is to be imported where somebody names files and directories.</summary>
internal static class ImportSources
{
    private static readonly string[] Csv = [".csv", ".csv.gz"];

    /// <exception cref="CliException">Something is not there, or not whole.</exception>
    public static IReadOnlyList<ImportSource> Of(IEnumerable<string> paths) => [.. paths.SelectMany(Of)];

    private static IEnumerable<ImportSource> Of(string path)
    {
        if (File.Exists(path)) return [KindOf(path) is { } parquet ? new ImportSource(path, parquet) : throw new CliException(Exit.Invalid, $"{path}: files are .parquet, .csv or .csv.gz")];
        if (!Directory.Exists(path)) throw new CliException(Exit.Invalid, $"there is no file or directory {path}");
        var export = Path.Combine(path, ExportManifest.FileName);
        if (File.Exists(export)) return OfExport(path, Read(export));
        var metadata = Directory.EnumerateFiles(path, "*metadata.json").Order(StringComparer.Ordinal).ToList();
        if (metadata.Count > 0 && Directory.Exists(Path.Combine(path, "results"))) return OfUnload(path, metadata);
        var files = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(static file => (File: file, Kind: KindOf(file))).Where(static one => one.Kind is not null).Select(static one => new ImportSource(one.File, one.Kind!.Value)).ToList();
        return files.Count > 0 ? files : throw new CliException(Exit.Invalid, $"there are no files .parquet, .csv or .csv.gz below {path}");
    }

    private static List<ImportSource> OfExport(string directory, JsonElement manifest)
    {
        var files = new List<ImportSource>();
        foreach (var file in manifest.Items("files"))
        {
            var path = Path.Combine(directory, file.Text("path"));
            if (!Path.GetFullPath(path).StartsWith(Path.GetFullPath(directory), StringComparison.Ordinal)) throw new CliException(Exit.Invalid, $"{ExportManifest.FileName} names {file.Text("path")}, which is not in {directory}");
            if (!File.Exists(path)) throw new CliException(Exit.Invalid, $"{path} is missing, which {ExportManifest.FileName} names: the export is not whole");
            files.Add(new ImportSource(path, KindOf(path) ?? throw new CliException(Exit.Invalid, $"{path}: exports as JSON Lines cannot be imported; export as parquet or csv"), Sha256: file.Text("sha256")));
        }

        return files;
    }

    // AWS: results/ with the files, where they are partitioned in directories key=value; ID_manifest.json, which lists them; ID_metadata.json with the columns.
    private static List<ImportSource> OfUnload(string directory, List<string> metadata)
    {
        var files = Directory.EnumerateFiles(Path.Combine(directory, "results"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        var sources = new List<ImportSource>();
        foreach (var path in metadata)
        {
            var columns = Read(path).Items("ColumnInfo").Select(static column => column.Text("Name")).ToList();
            var manifest = path[..^"metadata.json".Length] + "manifest.json";
            if (!File.Exists(manifest)) throw new CliException(Exit.Invalid, $"{manifest} is missing: AWS writes none where an UNLOAD has failed");
            var listed = Read(manifest);
            var format = listed.Member("query_metadata").Text("result_format");
            foreach (var result in listed.Items("result_files"))
            {
                var url = result.Text("url");
                var below = url.LastIndexOf("/results/", StringComparison.Ordinal) is var at and >= 0 ? url[(at + "/results/".Length)..] : Path.GetFileName(url);
                var file = files.Find(file => Path.GetRelativePath(Path.Combine(directory, "results"), file).Replace('\\', '/') == below)
                    ?? throw new CliException(Exit.Invalid, $"results/{below} is missing in {directory}, which {Path.GetFileName(manifest)} lists; copy it from S3 too");
                if (result.Member("file_metadata").Text("content_length_in_bytes") is { Length: > 0 } length && length != $"{new FileInfo(file).Length}")
                    throw new CliException(Exit.Invalid, $"{file} has {new FileInfo(file).Length} bytes, and {Path.GetFileName(manifest)} says {length}: it is not whole");
                var parquet = format.Equals("PARQUET", StringComparison.OrdinalIgnoreCase);
                string[] partitions = [.. below.Split('/')[..^1].Select(static part => part.Split('=')[0])];
                string[] own = [.. columns.Where(column => !partitions.Contains(column))];
                sources.Add(new ImportSource(file, parquet, own, !parquet && HasHeading(file, own), partitions.Length > 0));
            }
        }

        return sources.Count > 0 ? sources : throw new CliException(Exit.Invalid, $"the manifests in {directory} list no files");
    }

    private static bool HasHeading(string file, string[] columns)
    {
        using var stream = OpenText(file);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var line = (reader.ReadLine() ?? "").Replace("\"", "", StringComparison.Ordinal);
        return line == string.Join(',', columns);
    }

    /// <summary>A CSV's text, out of gzip where it is in it.</summary>
    public static Stream OpenText(string path, Stream? file = null)
    {
        file ??= File.OpenRead(path);
        return IsGzip(file) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private static bool IsGzip(Stream file)
    {
        var (first, second) = (file.ReadByte(), file.ReadByte());
        file.Position = 0;
        return (first, second) == (0x1F, 0x8B);
    }

    /// <summary>Whether it is Parquet; null where it is neither that nor CSV. AWS calls its files .gz.parquet and .gz.</summary>
    private static bool? KindOf(string path)
    {
        if (path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)) return true;
        return Array.Exists(Csv, ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) ? false : null;
    }

    private static JsonElement Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(path));
        }
        catch (JsonException broken)
        {
            throw new CliException(Exit.Invalid, $"{path} is not JSON: {broken.Message}", broken);
        }
    }
}
