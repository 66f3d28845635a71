namespace Millrace.Server.Cli;

/// <summary>A file that is written beside its place, and goes there when it is whole; where it does not come to that, nothing is left of it.</summary>
internal sealed class WholeFile(Stream stream, Action keep, Action drop) : IDisposable
{
    private bool _kept;

    /// <summary>Takes the bytes.</summary>
    public Stream Stream => stream;

    /// <param name="path">Its directories are made; a file that is there is replaced in one step.</param>
    public static WholeFile Create(string path)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full)) throw new CliException(Exit.Invalid, $"{path} is a directory; name a file");
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var unfinished = $"{full}.unfinished-{Guid.NewGuid():N}";
        return new WholeFile(File.Create(unfinished), () => File.Move(unfinished, full, overwrite: true), () => File.Delete(unfinished));
    }

    /// <summary>It is whole.</summary>
    public void Keep()
    {
        if (stream is FileStream file) file.Flush(flushToDisk: true);
        stream.Dispose();
        keep();
        _kept = true;
    }

    public void Dispose()
    {
        if (_kept) return;
        stream.Dispose();
        drop();
    }
}
