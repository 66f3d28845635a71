using Millrace.Storage.Files;

namespace Millrace.Testing.Storage;

/// <summary>
/// A disk that keeps only what it promised. A crash forgets unsynced writes and names, some or all of them, by the sector and in any order.
/// A failed sync forgets what it was asked to keep, for ever, while readers still see it: as the page cache does.
/// </summary>
/// <remarks>The same random numbers give the same disk. Any thread may call.</remarks>
public sealed class CrashingDisk(Random random) : IDisk
{
    private readonly Lock _gate = new();
    private readonly Random _random = random;
    private readonly List<(string Directory, Action<Dictionary<string, CrashingFile>> Change)> _unsyncedNames = [];
    private Dictionary<string, CrashingFile> _names = [];
    private Dictionary<string, CrashingFile> _durableNames = [];
    private int _callsLeft = int.MaxValue;
    private int _failingSyncs;
    private int _failingWrites;
    private int _life;

    /// <summary>The power is off: every call fails until <see cref="Restart"/>.</summary>
    public bool Crashed { get; private set; }

    /// <summary>How much it takes, all files together.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    public long FreeBytes
    {
        get
        {
            lock (_gate) return Math.Max(0, Capacity - Used);
        }
    }

    /// <summary>Bytes of all files together.</summary>
    public long Used
    {
        get
        {
            lock (_gate) return _names.Values.Sum(static file => (long)file.Seen.Length);
        }
    }

    /// <summary>Whether later syncs of a file of which one failed say that they worked, and keep nothing.</summary>
    public bool LiesAfterFailedSync { get; init; }

    /// <summary>The power goes off within one of the next calls that change something.</summary>
    public void CrashAfter(int calls)
    {
        lock (_gate) _callsLeft = calls;
    }

    public void FailSyncs(int count)
    {
        lock (_gate) _failingSyncs = count;
    }

    /// <summary>All paths below a directory.</summary>
    public IReadOnlyList<string> Paths(string directory)
    {
        lock (_gate) return [.. _names.Keys.Where(path => path.StartsWith(directory + "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    /// <summary>A bit of what was written goes bad on the medium.</summary>
    public void FlipBit(string path, long at)
    {
        lock (_gate) _names[path].Rot(at);
    }

    /// <summary>The next writes break off somewhere with an error of the device.</summary>
    public void FailWrites(int count)
    {
        lock (_gate) _failingWrites = count;
    }

    /// <summary>The power comes back, and what was lost shows. Files opened before stay dead.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            var all = _random.Next(3);
            foreach (var (_, change) in _unsyncedNames)
                if (all == 1 || (all == 2 && _random.Next(2) == 0)) change(_durableNames);
            _unsyncedNames.Clear();
            foreach (var file in _durableNames.Values.Distinct()) file.Crash(_random);
            _names = new(_durableNames);
            BeginLife();
        }
    }

    /// <summary>Only the process died: the page cache keeps what nobody has synced, until a crash comes.</summary>
    public void RestartProcess()
    {
        lock (_gate) BeginLife();
    }

    public IFile Open(string path)
    {
        lock (_gate)
        {
            if (_names.TryGetValue(path, out var file)) Check(_life);
            else
            {
                Change(_life);
                file = new CrashingFile();
                Rename(path, names => names[path] = file);
            }

            return new OpenFile(this, file, _life);
        }
    }

    public bool Exists(string path)
    {
        lock (_gate)
        {
            Check(_life);
            return _names.ContainsKey(path);
        }
    }

    public IReadOnlyList<string> List(string directory)
    {
        lock (_gate)
        {
            Check(_life);
            return
            [
                .. _names.Keys.Where(path => path.StartsWith(directory + "/", StringComparison.Ordinal))
                    .Select(path => path[(directory.Length + 1)..].Split('/')[0]).Distinct().Order(StringComparer.Ordinal),
            ];
        }
    }

    public void Rename(string from, string to)
    {
        lock (_gate)
        {
            Change(_life);
            var file = _names[from];
            Rename(to, names =>
            {
                names.Remove(from);
                names[to] = file;
            });
        }
    }

    public void Delete(string path)
    {
        lock (_gate)
        {
            Change(_life);
            Rename(path, names => names.Remove(path));
        }
    }

    public void SyncDirectory(string directory)
    {
        lock (_gate)
        {
            Change(_life);
            foreach (var (_, change) in _unsyncedNames.Where(name => name.Directory == directory)) change(_durableNames);
            _unsyncedNames.RemoveAll(name => name.Directory == directory);
        }
    }

    private void BeginLife()
    {
        _callsLeft = int.MaxValue;
        _failingSyncs = 0;
        _failingWrites = 0;
        foreach (var file in _names.Values.Concat(_durableNames.Values)) file.Lies = false;
        _life++;
        Crashed = false;
    }

    private void Rename(string path, Action<Dictionary<string, CrashingFile>> change)
    {
        change(_names);
        _unsyncedNames.Add((AtomicFile.DirectoryOf(path), change));
    }

    private void Check(int life)
    {
        if (Crashed || life != _life) throw new IOException("the power is off");
    }

    private void Change(int life)
    {
        Check(life);
        if (--_callsLeft > 0) return;
        Crashed = true;
        throw new IOException("the power went off");
    }

    private sealed class OpenFile(CrashingDisk disk, CrashingFile file, int life) : IFile
    {
        public long Length
        {
            get
            {
                lock (disk._gate)
                {
                    disk.Check(life);
                    return file.Seen.Length;
                }
            }
        }

        public int Read(long at, Span<byte> into)
        {
            lock (disk._gate)
            {
                disk.Check(life);
                return file.Seen.Read(at, into);
            }
        }

        public void Write(long at, ReadOnlySpan<byte> bytes)
        {
            lock (disk._gate)
            {
                disk.Check(life);
                var room = (int)Math.Min(bytes.Length, disk.FreeBytes + Math.Max(0, file.Seen.Length - at));
                if (disk._failingWrites > 0)
                {
                    disk._failingWrites--;
                    file.Write(at, bytes[..disk._random.Next(room + 1)]);
                    disk.Change(life);
                    throw new IOException("Input/output error");
                }

                file.Write(at, bytes[..room]);
                disk.Change(life);
                if (room < bytes.Length) throw new IOException("No space left on device");
            }
        }

        public void Sync()
        {
            lock (disk._gate)
            {
                disk.Change(life);
                if (disk._failingSyncs > 0)
                {
                    disk._failingSyncs--;
                    file.Forget();
                    file.Lies = disk.LiesAfterFailedSync;
                    throw new IOException("Input/output error");
                }

                file.Sync();
            }
        }

        public void SetLength(long length)
        {
            lock (disk._gate)
            {
                disk.Change(life);
                file.SetLength(length);
            }
        }

        public void Dispose()
        {
        }
    }
}
