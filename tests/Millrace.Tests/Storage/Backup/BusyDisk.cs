using Millrace.Storage.Files;

namespace Millrace.Tests.Storage.Backup;

/// <summary>A disk on which something else happens ahead of each link.</summary>
internal sealed class BusyDisk(ILinkingDisk disk, Action<string> ahead) : ILinkingDisk
{
    public long FreeBytes => disk.FreeBytes;

    public IFile Open(string path) => disk.Open(path);

    public bool Exists(string path) => disk.Exists(path);

    public IReadOnlyList<string> List(string directory) => disk.List(directory);

    public void Rename(string from, string to) => disk.Rename(from, to);

    public void Delete(string path) => disk.Delete(path);

    public void SyncDirectory(string directory) => disk.SyncDirectory(directory);

    public void DeleteTree(string directory) => disk.DeleteTree(directory);

    public void Link(string from, string to)
    {
        ahead(from);
        disk.Link(from, to);
    }
}
