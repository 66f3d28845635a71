using Millrace.Storage.Files;

namespace Millrace.Tests.Storage.Lake;

/// <summary>A disk that forgets, in a crash, contents and names that were not synced (or not all of them, by chance).</summary>
internal sealed class LakeDisk(Random? chance = null) : IDisk
{
    private readonly Dictionary<string, Content?> _names = [];
    private readonly Dictionary<string, Content?> _safeNames = [];
    private int _operations;

    /// <summary>The operation, from 1, at which power fails; later ones fail too, until <see cref="Restart"/>.</summary>
    public int FailsAt { get; set; } = int.MaxValue;

    public int Operations => _operations;

    public long FreeBytes => long.MaxValue;

    public IReadOnlyDictionary<string, byte[]> Files =>
        _names.Where(static name => name.Value is not null).ToDictionary(static name => name.Key, static name => name.Value!.Bytes);

    public void Restart()
    {
        foreach (var (path, content) in _names.ToArray())
        {
            var isSafe = _safeNames.TryGetValue(path, out var safe) && safe == content;
            if (!isSafe && (chance is null || chance.Next(2) == 0)) _names.Remove(path);
            if (content is not null && (chance is null || chance.Next(2) == 0)) content.Bytes = content.SafeBytes;
        }

        foreach (var (path, content) in _safeNames)
            if (!_names.ContainsKey(path)) _names[path] = content;
        foreach (var path in _names.Keys.OrderBy(static path => path.Length).ToArray())
            if (AtomicFile.DirectoryOf(path) is { Length: > 0 } above && !_names.ContainsKey(above)) _names.Remove(path);
        _safeNames.Clear();
        foreach (var (path, content) in _names) _safeNames[path] = content;
        FailsAt = int.MaxValue;
        _operations = 0;
    }

    public IFile Open(string path)
    {
        MakeDirectories(path);
        if (!_names.TryGetValue(path, out var content)) _names[path] = content = new Content();
        return new OpenFile(this, content!);
    }

    public bool Exists(string path) => _names.GetValueOrDefault(path) is not null;

    public IReadOnlyList<string> List(string directory) =>
        [.. _names.Keys.Where(path => AtomicFile.DirectoryOf(path) == directory).Select(path => path[(directory.Length + 1)..]).Order(StringComparer.Ordinal)];

    public void Rename(string from, string to)
    {
        Work();
        MakeDirectories(to);
        _names[to] = _names[from];
        _names.Remove(from);
    }

    public void Delete(string path)
    {
        Work();
        _names.Remove(path);
    }

    public void SyncDirectory(string directory)
    {
        Work();
        foreach (var path in _names.Keys.Concat(_safeNames.Keys).Where(path => AtomicFile.DirectoryOf(path) == directory).ToHashSet())
        {
            if (_names.TryGetValue(path, out var content)) _safeNames[path] = content;
            else _safeNames.Remove(path);
        }
    }

    private void MakeDirectories(string path)
    {
        for (var above = AtomicFile.DirectoryOf(path); above.Length > 0; above = AtomicFile.DirectoryOf(above)) _names.TryAdd(above, null);
    }

    private void Work()
    {
        if (++_operations >= FailsAt) throw new IOException("No space left on device");
    }

    private sealed class Content
    {
        public byte[] Bytes { get; set; } = [];

        public byte[] SafeBytes { get; set; } = [];
    }

    private sealed class OpenFile(LakeDisk disk, Content content) : IFile
    {
        public long Length => content.Bytes.Length;

        public int Read(long at, Span<byte> into)
        {
            var length = Math.Min(into.Length, content.Bytes.Length - (int)at);
            content.Bytes.AsSpan((int)at, length).CopyTo(into);
            return length;
        }

        public void Write(long at, ReadOnlySpan<byte> bytes)
        {
            disk.Work();
            var larger = new byte[Math.Max(content.Bytes.Length, at + bytes.Length)];
            content.Bytes.CopyTo(larger, 0);
            bytes.CopyTo(larger.AsSpan((int)at));
            content.Bytes = larger;
        }

        public void Sync()
        {
            disk.Work();
            content.SafeBytes = content.Bytes;
        }

        public void SetLength(long length)
        {
            disk.Work();
            content.Bytes = content.Bytes[..(int)Math.Min(length, content.Bytes.Length)];
        }

        public void Dispose()
        {
        }
    }
}
