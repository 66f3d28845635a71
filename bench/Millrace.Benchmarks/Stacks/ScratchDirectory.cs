namespace Millrace.Benchmarks.Stacks;

/// <summary>A new directory that is gone, with all in it, when it is disposed.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    public string Path { get; }

    /// <param name="parent">Exists.</param>
    public ScratchDirectory(string parent) =>
        Path = Directory.CreateDirectory(System.IO.Path.Combine(parent, $"millrace-bench-{Guid.NewGuid():N}")).FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Bytes of all files in the directory, by the first folder (or file) of their path.</summary>
    public static IReadOnlyDictionary<string, long> SizesBelow(string directory) =>
        new DirectoryInfo(directory).EnumerateFileSystemInfos()
            .ToDictionary(static entry => entry.Name, static entry => SizeOf(entry));

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static long SizeOf(FileSystemInfo entry) => entry switch
    {
        FileInfo file => file.Length,
        DirectoryInfo folder => folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(static f => f.Length),
        _ => 0,
    };
}
