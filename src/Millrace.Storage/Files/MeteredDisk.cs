namespace Millrace.Storage.Files;

/// <summary>A disk that is read, and tells of every byte that was.</summary>
public sealed class MeteredDisk(IDisk disk, Action<long> read) : IDisk
{
    public long FreeBytes => disk.FreeBytes;

    public IFile Open(string path) => new OpenFile(disk.Open(path), read);

    public bool Exists(string path) => disk.Exists(path);

    public IReadOnlyList<string> List(string directory) => disk.List(directory);

    public void Rename(string from, string to) => disk.Rename(from, to);

    public void Delete(string path) => disk.Delete(path);

    public void SyncDirectory(string directory) => disk.SyncDirectory(directory);

    private sealed class OpenFile(IFile file, Action<long> told) : IFile
    {
        public long Length => file.Length;

        public int Read(long at, Span<byte> into)
        {
            var count = file.Read(at, into);
            told(count);
            return count;
        }

        public void Write(long at, ReadOnlySpan<byte> bytes) => file.Write(at, bytes);

        public void Sync() => file.Sync();

        public void SetLength(long length) => file.SetLength(length);

        public void Dispose() => file.Dispose();
    }
}
