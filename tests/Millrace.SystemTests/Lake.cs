using System.IO.Compression;

namespace Millrace.SystemTests;

/// <summary>The lake as other tools see it: gzip JSON Lines.</summary>
public static class Lake
{
    public static IReadOnlyList<string> Files(string data, string stream)
    {
        var folder = Path.Combine(data, "lake", "raw", stream);
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.jsonl.gz", SearchOption.AllDirectories).Order()] : [];
    }

    public static IReadOnlyList<string> Lines(string data, string stream)
    {
        var lines = new List<string>();
        foreach (var path in Files(data, stream))
        {
            using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            using var text = new StreamReader(file);
            while (text.ReadLine() is { } line) lines.Add(line);
        }

        return lines;
    }
}
