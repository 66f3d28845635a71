using Millrace.Storage.Files;

namespace Millrace.Tests.Storage.Documents;

/// <summary>Lets a test act in the middle of what the writer does, as another thread would: before every write and every sync of a file.</summary>
internal sealed class InterruptedDisk(IDisk disk) : IDisk
{
    public Action? Interrupt { get; set; }

    /// <summary>Before every sync of a directory.</summary>
    public Action? InterruptNames { get; set; }

    public long FreeBytes => disk.FreeBytes;

    public IFile Open(string path) => new InterruptedFile(this, disk.Open(path));

    public bool Exists(string path) => disk.Exists(path);

    public IReadOnlyList<string> List(string directory) => disk.List(directory);

    public void Rename(string from, string to) => disk.Rename(from, to);

    public void Delete(string path) => disk.Delete(path);

    public void SyncDirectory(string directory)
    {
        InterruptNames?.Invoke();
        disk.SyncDirectory(directory);
    }

    private sealed class InterruptedFile(InterruptedDisk disk, IFile file) : IFile
    {
        public long Length => file.Length;

        public int Read(long at, Span<byte> into) => file.Read(at, into);

        public void Write(long at, ReadOnlySpan<byte> bytes)
        {
            disk.Interrupt?.Invoke();
            file.Write(at, bytes);
        }

        public void Sync()
        {
            disk.Interrupt?.Invoke();
            file.Sync();
        }

        public void SetLength(long length) => file.SetLength(length);

        public void Dispose() => file.Dispose();
    }
}
