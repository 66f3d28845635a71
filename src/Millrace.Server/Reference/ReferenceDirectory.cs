namespace Millrace.Server.Reference;

/// <summary>Reference files on disk. What a link points to must be below the directory too: steps must not read what else is on this machine.</summary>
internal sealed class ReferenceDirectory(string path) : IReferenceFiles
{
    private readonly string _root = RealPath(new DirectoryInfo(path));

    public FileStamp? Stat(string file)
    {
        var info = new FileInfo(Path.Combine(_root, file));
        if (info.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) info = target;
        return info.Exists ? new FileStamp(info.Length, info.LastWriteTimeUtc) : null;
    }

    public byte[] Read(string file)
    {
        var info = new FileInfo(Path.Combine(_root, file));
        var real = RealPath(info);
        if (!real.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw new IOException($"{file} leads out of the directory of reference files");
        using var stream = new FileStream(real, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length > ReferenceRows.MaxBytes) throw new IOException($"{file} is larger than {ReferenceRows.MaxBytes / 1024 / 1024} MiB");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>With all links on the way followed.</summary>
    private static string RealPath(FileSystemInfo info)
    {
        var full = Path.TrimEndingDirectorySeparator(info.FullName);
        if (info.ResolveLinkTarget(returnFinalTarget: true) is { } target) return RealPath(target);
        return Path.GetDirectoryName(full) is { Length: > 0 } parent ? Path.Join(RealPath(new DirectoryInfo(parent)), Path.GetFileName(full)) : full;
    }
}
