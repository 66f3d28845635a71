using Millrace.Storage.Files;

namespace Millrace.Testing.Storage;

/// <summary>A disk in memory that keeps all it is told, until a test makes it full, makes it fail, or spoils its bytes.</summary>
public sealed class MemoryDisk : ILinkingDisk
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MemoryBytes> _files = new(StringComparer.Ordinal);
    private int _failingSyncs;

    /// <summary>How much it takes, all files together.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>Calls of <see cref="IFile.Sync"/> that succeeded.</summary>
    public int Syncs { get; private set; }

    /// <summary>Files opened and not closed.</summary>
    public int OpenFiles { get; private set; }

    public long FreeBytes
    {
        get
        {
            lock (_gate) return Math.Max(0, Capacity - Used);
        }
    }

    private long Used => _files.Values.Sum(static file => (long)file.Length);

    public void FailSyncs(int count)
    {
        lock (_gate) _failingSyncs = count;
    }

    /// <summary>All paths below a directory.</summary>
    public IReadOnlyList<string> Paths(string directory)
    {
        lock (_gate) return [.. _files.Keys.Where(path => directory.Length == 0 || path.StartsWith(directory + "/", StringComparison.Ordinal))];
    }

    public byte[] Bytes(string path)
    {
        lock (_gate) return _files[path].All.ToArray();
    }

    /// <summary>What a person, or a dying disk, did to a file.</summary>
    public void Put(string path, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            var file = _files[path] = new MemoryBytes();
            file.Write(0, bytes);
        }
    }

    public void FlipBit(string path, long at)
    {
        lock (_gate) _files[path].All[(int)at] ^= 4;
    }

    /// <summary>As it stands: for trying one thing after another on the same start.</summary>
    public MemoryDisk Copy()
    {
        var copy = new MemoryDisk();
        lock (_gate)
            foreach (var (path, bytes) in _files) copy._files[path] = bytes.Copy();
        return copy;
    }

    public IFile Open(string path)
    {
        lock (_gate)
        {
            if (!_files.TryGetValue(path, out var bytes)) _files[path] = bytes = new MemoryBytes();
            OpenFiles++;
            return new OpenFile(this, bytes);
        }
    }

    public bool Exists(string path)
    {
        lock (_gate) return _files.ContainsKey(path);
    }

    public IReadOnlyList<string> List(string directory) =>
        [.. Paths(directory).Select(path => (directory.Length == 0 ? path : path[(directory.Length + 1)..]).Split('/')[0]).Distinct().Order(StringComparer.Ordinal)];

    public void Rename(string from, string to)
    {
        lock (_gate)
            if (_files.Remove(from, out var bytes)) _files[to] = bytes;
            else throw new FileNotFoundException(from);
    }

    public void Link(string from, string to)
    {
        lock (_gate) _files[to] = _files.TryGetValue(from, out var bytes) ? bytes : throw new FileNotFoundException(from);
    }

    public void DeleteTree(string directory)
    {
        foreach (var path in Paths(directory)) Delete(path);
    }

    public void Delete(string path)
    {
        lock (_gate) _files.Remove(path);
    }

    public void SyncDirectory(string directory)
    {
    }

    private sealed class OpenFile(MemoryDisk disk, MemoryBytes bytes) : IFile
    {
        private bool _closed;

        public long Length
        {
            get
            {
                lock (disk._gate) return Now.Length;
            }
        }

        private MemoryBytes Now
        {
            get
            {
                ObjectDisposedException.ThrowIf(_closed, this);
                return bytes;
            }
        }

        public int Read(long at, Span<byte> into)
        {
            lock (disk._gate) return Now.Read(at, into);
        }

        public void Write(long at, ReadOnlySpan<byte> data)
        {
            lock (disk._gate)
            {
                var room = disk.FreeBytes + Math.Max(0, Now.Length - at);
                Now.Write(at, data[..(int)Math.Min(room, data.Length)]);
                if (room < data.Length) throw new IOException("No space left on device");
            }
        }

        public void Sync()
        {
            lock (disk._gate)
            {
                ObjectDisposedException.ThrowIf(_closed, this);
                if (disk._failingSyncs > 0)
                {
                    disk._failingSyncs--;
                    throw new IOException("Input/output error");
                }

                disk.Syncs++;
            }
        }

        public void SetLength(long length)
        {
            lock (disk._gate) Now.SetLength(length);
        }

        public void Dispose()
        {
            lock (disk._gate)
            {
                if (!_closed) disk.OpenFiles--;
                _closed = true;
            }
        }
    }
}
