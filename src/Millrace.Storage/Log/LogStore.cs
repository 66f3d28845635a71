using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>All logs of one data directory, and the one thread that commits them.</summary>
/// <remarks>
/// What <see cref="LogPartition.TryAppend"/> took is written with whatever else waits, in one write and one fdatasync for a partition, and only then are
/// listeners told. One process at a time: take <see cref="DataDirectory.Lock"/> first. Any thread may call.
/// </remarks>
public sealed class LogStore : IAsyncDisposable
{
    /// <summary>Holds a directory for each log.</summary>
    public const string Root = "log";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, RecordLog> _logs = [];
    private readonly LogEnvironment _environment;
    private readonly Committer _committer;
    private bool _closed;

    private LogStore(LogEnvironment environment, bool threaded)
    {
        _environment = environment;
        _committer = new Committer(environment, threaded);
    }

    /// <summary>Starts the commit thread. Logs are opened one by one, with <see cref="GetOrCreate"/>.</summary>
    /// <param name="disk">The data directory.</param>
    /// <param name="options">Checked already.</param>
    /// <param name="clock">Gives arrivals, retries and retention their time.</param>
    /// <param name="logger">Told of what was cut, and of a disk that refuses.</param>
    public static LogStore Open(IDisk disk, LogOptions options, TimeProvider clock, ILogger logger) =>
        new(new LogEnvironment(disk, options, clock, logger), threaded: true);

    /// <summary>As <see cref="Open"/>, but nothing is committed before <see cref="CommitNow"/> is called: every run of a test is the same.</summary>
    internal static LogStore OpenUnthreaded(IDisk disk, LogOptions options, TimeProvider clock, ILogger logger) =>
        new(new LogEnvironment(disk, options, clock, logger), threaded: false);

    /// <summary>Whether the disk takes what we write. For <c>/health/ready</c>.</summary>
    public StoreHealth Health => _committer.Health;

    /// <summary>What is left on the disk. Warn while there is still time to act.</summary>
    public long FreeBytes => _environment.Disk.FreeBytes;

    /// <summary>The logs opened so far.</summary>
    public IReadOnlyList<RecordLog> Logs
    {
        get
        {
            lock (_gate) return [.. _logs.Values];
        }
    }

    /// <summary>A log that was opened; null where none of this name was.</summary>
    public RecordLog? Find(string name)
    {
        lock (_gate) return _logs.GetValueOrDefault(name);
    }

    /// <summary>Opens a log, recovering it from whatever an earlier life left; makes it where there is none.</summary>
    /// <param name="name">1 to 128 letters, digits, <c>_</c>, <c>-</c> and <c>.</c>, not beginning with a dot.</param>
    /// <param name="partitions">How many a new log gets. One that exists must have as many: keys would change their partition.</param>
    /// <param name="routing">How keys find their partition. A log of before that has CRC goes over to MD5 where that is asked for.</param>
    /// <exception cref="FaultException">
    /// Corrupt: a file that is not what was written. Refused: the name, or another number of partitions. Unavailable: the store is closed, or the disk refuses.
    /// </exception>
    public RecordLog GetOrCreate(string name, int partitions, LogRouting routing = LogRouting.Crc)
    {
        lock (_gate)
        {
            if (_closed) throw new FaultException(Fault.Unavailable, "the log store is closed");
            if (_logs.TryGetValue(name, out var known))
            {
                LogManifest.Compare(name, partitions, known.Partitions.Count);
                return known;
            }

            var manifest = OnDisk($"{Root}/{name}", () => (LogManifest.ReadOrWrite(_environment.Disk, name, partitions, routing, out var changed), changed));
            var opened = new LogPartition[partitions];
            for (var i = 0; i < partitions; i++)
                opened[i] = OnDisk($"{Root}/{name}/{i}", () => new LogPartition(new PartitionState(name, i, _environment), _environment, _committer));

            foreach (var partition in opened) _committer.Add(partition.Writer);
            var log = new RecordLog(name, opened, manifest.Item1.Routing);
            if (manifest.changed && opened.Any(static one => one.End > 0))
                _environment.Logger.RoutingChanged(name, string.Join(", ", opened.Select(static one => $"{one.Index}:{one.End}")));
            _logs.Add(name, log);
            return log;
        }
    }

    /// <summary>How many partitions a log on disk has, opened or not; null where there is none of this name.</summary>
    public int? PartitionsOnDisk(string name)
    {
        lock (_gate)
        {
            if (_logs.TryGetValue(name, out var known)) return known.Partitions.Count;
            return OnDisk($"{Root}/{name}", () => LogManifest.Read(_environment.Disk, name)) is { Deleted: false } manifest ? manifest.Partitions : null;
        }
    }

    /// <summary>
    /// Deletes a log with all its records. Who appends to it or waits for it is refused from now on; what waits for the disk is still written before. When it
    /// ends, or as soon as a crash during it lets the server start again, the log is gone.
    /// </summary>
    /// <returns>False where no log of this name is open.</returns>
    /// <exception cref="FaultException">Unavailable: the disk refuses; it is deleted at the next try, or when a log of that name is made.</exception>
    public async Task<bool> DeleteAsync(string name)
    {
        RecordLog? log;
        lock (_gate)
        {
            if (_closed) throw new FaultException(Fault.Unavailable, "the log store is closed");
            if (!_logs.Remove(name, out log)) return false;
            foreach (var partition in log.Partitions) partition.Close();
        }

        await _committer.RemoveAsync([.. log.Partitions.Select(static one => one.Writer)]).ConfigureAwait(false);
        lock (_gate)
        {
            OnDisk($"{Root}/{name}", () =>
            {
                LogManifest.MarkDeleted(_environment.Disk, name, log.Partitions.Count);
                foreach (var partition in log.Partitions) partition.Forget();
                LogManifest.RemoveDeleted(_environment.Disk, name, new LogManifest(log.Partitions.Count));
                return true;
            });
        }

        _environment.Logger.Deleted(name);
        return true;
    }

    /// <summary>Shows all files of all logs as they are at one moment, between two commits: every record that was told as safe, and no other.</summary>
    /// <param name="take">Called on the commit thread, so records wait meanwhile: link the files and return. What a file gets behind these bytes later is not of that moment.</param>
    /// <exception cref="FaultException">Unavailable: the store is closed.</exception>
    public Task CutAsync(Action<IReadOnlyList<(string Path, long Bytes)>> take) => _committer.BetweenAsync(() =>
    {
        lock (_gate) take(Files());
    });

    /// <summary>Writes what is pending and stops. What the disk still refuses was never acknowledged, and is reported as lost.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closed) return;
            _closed = true;
            foreach (var log in _logs.Values)
                foreach (var partition in log.Partitions) partition.Close();
        }

        await _committer.DisposeAsync().ConfigureAwait(false);
        _environment.Files.Dispose();
    }

    private List<(string Path, long Bytes)> Files()
    {
        var open = _logs.Values.SelectMany(static log => log.Partitions).ToDictionary(static partition => $"{Root}/{partition.Name}", static partition => partition.Files, StringComparer.Ordinal);
        var files = new List<(string, long)>();
        foreach (var path in DiskTree.Files(_environment.Disk, Root))
        {
            var isSegment = Segment.IsSegment(path);
            if (Segment.IsUnfinished(path) || path.EndsWith(".tmp", StringComparison.Ordinal) || (isSegment && open.ContainsKey(AtomicFile.DirectoryOf(path)))) continue;
            using var file = _environment.Disk.Open(path);
            files.Add((path, file.Length));
        }

        files.AddRange(open.Values.SelectMany(static partition => partition));
        return files;
    }

    /// <summary>What a disk refuses is told with where it did.</summary>
    private static T OnDisk<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(Fault.Unavailable, $"{path}: {e.Message} Free the disk, or let the server read and write there, and try again.", e);
        }
    }

    internal void CommitNow() => _committer.RunOnce();

    /// <summary>Ends when all listeners of past commits were told.</summary>
    internal Task NotifiedAsync() => _committer.NotifiedAsync();
}
