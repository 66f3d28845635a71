using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Storage.Files;

namespace Millrace.Storage.Documents;

/// <summary>The checkpoints of all flows in one journal, written anew when it has grown well past what it says.</summary>
/// <remarks>Any thread may call. Those who save while the disk is busy share the next fdatasync.</remarks>
public sealed class CheckpointFile : ICheckpointStore, IDisposable
{
    /// <summary>The file. It grows, and from time to time another one takes its place.</summary>
    public const string Name = "checkpoints";

    private const int SmallestWorthRewriting = 256 * 1024;
    private const int GrowthBeforeRewriting = 8;

    // Not a Lock: those who save wait on it.
    private readonly object _gate = new();
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly Dictionary<string, Checkpoint> _durable = [];
    private Write _next = new();
    private IFile? _file;
    private long _length;
    private long _rewriteAt;
    private bool _busy;

    private CheckpointFile(IDisk disk, string path)
    {
        _disk = disk;
        _path = path;
    }

    /// <summary>Reads what an earlier life saved, without the last line where a crash left it unfinished.</summary>
    /// <exception cref="FaultException">Corrupt, with file and byte.</exception>
    public static CheckpointFile Open(IDisk disk, string path)
    {
        var store = new CheckpointFile(disk, path);
        CheckpointJournal.Replay(path, AtomicFile.Read(disk, path) ?? [], store.Apply);
        return store;
    }

    public Checkpoint? Load(string key)
    {
        lock (_gate) return _durable.TryGetValue(key, out var checkpoint) ? checkpoint : null;
    }

    /// <exception cref="FaultException">Unavailable: the disk refused. It may have been saved all the same; saving again is safe.</exception>
    public void Save(string key, Checkpoint checkpoint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(checkpoint.Offset);
        Commit([new CheckpointEntry(key, checkpoint.Offset, checkpoint.Counts)]);
    }

    /// <exception cref="FaultException">Unavailable: the disk refused. They may have been saved all the same; saving again is safe.</exception>
    public void Save(IReadOnlyCollection<KeyValuePair<string, Checkpoint>> checkpoints)
    {
        foreach (var (_, checkpoint) in checkpoints) ArgumentOutOfRangeException.ThrowIfNegative(checkpoint.Offset, nameof(checkpoints));
        if (checkpoints.Count > 0) Commit([.. checkpoints.Select(static saved => new CheckpointEntry(saved.Key, saved.Value.Offset, saved.Value.Counts))]);
    }

    /// <exception cref="FaultException">Unavailable: the disk refused.</exception>
    public void Remove(string key) => Commit([CheckpointEntry.Removed(key)]);

    public void Dispose()
    {
        lock (_gate)
        {
            while (_busy) Monitor.Wait(_gate);
            _file?.Dispose();
            _file = null;
        }
    }

    /// <summary>The first who comes writes for all who came until then; the others wait for one of them.</summary>
    private void Commit(IReadOnlyCollection<CheckpointEntry> entries)
    {
        Write mine;
        lock (_gate)
        {
            mine = _next;
            mine.Entries.AddRange(entries);
            while (_busy && !mine.Done) Monitor.Wait(_gate);
            if (!mine.Done)
            {
                _busy = true;
                _next = new Write();
            }
        }

        if (!mine.Done) Lead(mine);
        if (mine.Failure is { } e) throw new FaultException(Fault.Unavailable, $"{_path} cannot be written: {e.Message}", e);
    }

    private void Lead(Write write)
    {
        try
        {
            Append(write.Entries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            write.Failure = e;
            // What the file holds now is anybody's guess, and a failed fsync must not be asked again: the next write makes a new file.
            _file?.Dispose();
            _file = null;
        }
        finally
        {
            lock (_gate)
            {
                if (write.Failure is null) write.Entries.ForEach(Apply);
                write.Done = true;
                _busy = false;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void Append(List<CheckpointEntry> entries)
    {
        if (_file is null || _length > _rewriteAt)
        {
            Rewrite(entries);
            return;
        }

        var line = CheckpointJournal.Line(entries);
        _file.Write(_length, line);
        _file.Sync();
        _length += line.Length;
    }

    private void Rewrite(List<CheckpointEntry> entries)
    {
        _file?.Dispose();
        _file = null;
        var all = new Dictionary<string, CheckpointEntry>();
        lock (_gate)
            foreach (var (key, checkpoint) in _durable) all[key] = new CheckpointEntry(key, checkpoint.Offset, checkpoint.Counts);
        foreach (var entry in entries) all[entry.Key] = entry;

        var line = CheckpointJournal.Line([.. all.Values.Where(static entry => entry.Checkpoint is not null)]);
        AtomicFile.Write(_disk, _path, line);
        _file = _disk.Open(_path);
        _length = line.Length;
        _rewriteAt = Math.Max(SmallestWorthRewriting, (long)line.Length * GrowthBeforeRewriting);
    }

    private void Apply(CheckpointEntry entry)
    {
        if (entry.Checkpoint is { } checkpoint) _durable[entry.Key] = checkpoint;
        else _durable.Remove(entry.Key);
    }

    /// <summary>What one fdatasync makes durable, and how that went.</summary>
    private sealed class Write
    {
        public List<CheckpointEntry> Entries { get; } = [];

        public bool Done { get; set; }

        public Exception? Failure { get; set; }
    }
}
