namespace Millrace.SystemTests;

/// <summary>A file system of its own that can be filled up and emptied again. Needs root: <see cref="TryMountAsync"/> answers null without.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _root;

    private SmallDisk(string root) => _root = root;

    public string Data => Path.Combine(_root, "data");

    private string Ballast => Path.Combine(_root, "ballast");

    public static async Task<SmallDisk?> TryMountAsync(int megabytes)
    {
        var root = Scratch.Directory();
        var mount = await Commands.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", root]);
        if (mount.Code == 0) return new SmallDisk(root);
        Scratch.Delete(root);
        return null;
    }

    /// <summary>Leaves not one page free.</summary>
    public async Task FillAsync()
    {
        await using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4096];
        try
        {
            while (true) await file.WriteAsync(page);
        }
        catch (IOException)
        {
            // Full, which is what was wanted.
        }
    }

    public void MakeSpace() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        await Commands.RunAsync("umount", ["--lazy", _root]);
        Scratch.Delete(_root);
    }
}
