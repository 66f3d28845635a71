using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Objects;
using Millrace.Contracts.Records;
using Millrace.Storage.Files;
using Millrace.Storage.Lake.Parquet;

namespace Millrace.Storage.Lake;

/// <summary>Gathers a flow's records into files of gzip JSON Lines or Parquet, <c>raw/{stream}/yyyy/MM/dd/HH/</c> by the arrival of the first, on disk or in a bucket.</summary>
/// <remarks>
/// A checkpoint is only ever at the beginning of a file. What is gathered is in memory until its file is whole; after a crash it is read
/// from the log again, and ends up in the same file with the same bytes: where a file ends depends on the batches alone, except when
/// it was closed because nothing came. Such a file is found by its name, and ends again where it ended before. One that was put
/// together with others is known by the folder's note, and is not written again.
/// </remarks>
public sealed class LakeSink : ISink
{
    private const long NanosecondsPerHour = 3_600_000_000_000;
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int HoursBack = 24;

    private readonly ILakeFiles _files;
    private readonly DiskFiles? _onDisk;
    private readonly LakeOptions _options;
    private readonly TimeProvider _clock;
    private readonly LakePlaces _places;
    private readonly LakeCompaction _compaction;

    // Where files ended by their first records, and which of them are in others by now.
    private readonly Dictionary<long, long> _ends = [];
    private readonly HashSet<long> _inOthers = [];
    private string _directory = "";

    // Records up to this one are in files that began before the first to come after opening; null until that came.
    private long? _there;
    private LakeFile? _file;
    private RowSchema? _schema;
    private long _begun;
    private long? _endsAt;
    private Checkpoint? _durable;
    private long _told = -1;

    /// <param name="disk">The data directory; files go below the lake's root in it.</param>
    /// <param name="options">Checked by the caller.</param>
    /// <param name="flow">Begins the names of the files; letters, digits, <c>_</c>, <c>-</c> and <c>.</c>.</param>
    /// <param name="partition">Of the flow's source.</param>
    /// <param name="clock">Tells when nothing came for too long.</param>
    public LakeSink(IDisk disk, LakeOptions options, string flow, int partition, TimeProvider clock)
        : this(options, flow, partition, clock, places => new DiskFiles(disk, options.Root, places.Unfinished)) => _onDisk = (DiskFiles)_files;

    /// <param name="bucket">Files are objects of it, without the lake's root; the caller's.</param>
    /// <param name="options">As above.</param>
    /// <param name="flow">As above.</param>
    /// <param name="partition">As above.</param>
    /// <param name="clock">As above.</param>
    public LakeSink(IObjectBucket bucket, LakeOptions options, string flow, int partition, TimeProvider clock)
        : this(options, flow, partition, clock, _ => new BucketFiles(bucket))
    {
    }

    private LakeSink(LakeOptions options, string flow, int partition, TimeProvider clock, Func<LakePlaces, ILakeFiles> files)
    {
        if (!LakeOptions.IsDirectory(flow)) throw new ArgumentException($"'{flow}' cannot begin the name of a lake file", nameof(flow));
        (_options, _clock) = (options, clock);
        _places = new LakePlaces(options, flow, partition);
        _files = files(_places);
        _compaction = new LakeCompaction(_files, _places, options);
    }

    /// <returns>Null: the runner's own checkpoint holds.</returns>
    public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop)
    {
        Forget();
        _durable = null;
        _told = -1;
        _directory = "";
        _there = null;
        _onDisk?.Open();
        return default;
    }

    public async ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        if (_file is not null && EndsBefore(batch[0])) await EndAsync(before, stop).ConfigureAwait(false);
        _schema?.BeginBatch();
        for (var i = 0; i < batch.Count; i++)
        {
            if (IsRefused(batch, i, outcomes)) continue;
            _there ??= await ThereAsync(batch[i].Offset, batch[i].ArrivalNs, before, stop).ConfigureAwait(false);
            if (batch[i].Offset <= _there)
            {
                _schema = null;
                continue;
            }

            if (_file is null) await BeginAsync(batch[i].Offset, batch[i].ArrivalNs, before, stop).ConfigureAwait(false);
            _file!.Add(batch[i]);
        }
    }

    public async ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop)
    {
        if (_file is not null && EndsWhenIdleAt(reached.Offset)) await EndAsync(reached, stop).ConfigureAwait(false);
        if (_file is null) _durable = reached;
        if (_durable is not { } durable || durable.Offset <= _told) return null;
        _told = durable.Offset;
        return durable;
    }

    /// <summary>Forgets what was gathered: the checkpoint is still before it.</summary>
    public ValueTask DisposeAsync()
    {
        Forget();
        return default;
    }

    private bool IsRefused(RecordBatch batch, int index, Outcomes outcomes)
    {
        if (_options.Format != LakeFormat.Parquet) return false;
        if ((_schema ??= new RowSchema(_options.Columns)).TryLearn(batch[index].Payload) is not { } wrong) return false;
        outcomes.Refuse(index, Fault.Unreadable, LakeReasons.NoRow + wrong);
        return true;
    }

    private bool EndsBefore(in Record next)
    {
        if (_endsAt is { } end) return next.Offset > end;
        return _file!.PayloadBytes >= _options.MaxBytes.Bytes || _file.IsFull
            || next.ArrivalNs - _file.FirstArrivalNs >= _options.MaxAge.Ticks * TimeSpan.NanosecondsPerTick
            || next.ArrivalNs / NanosecondsPerHour != _file.FirstArrivalNs / NanosecondsPerHour;
    }

    // The age counts from when the file was begun here, not from the arrival of its first record: else a flow that catches up
    // would leave a file of its own for each commit.
    private bool EndsWhenIdleAt(long reached)
    {
        if (_endsAt is { } end) return reached > end;
        return _file!.PayloadBytes >= _options.MaxBytes.Bytes || _clock.GetElapsedTime(_begun) >= _options.MaxAge;
    }

    private async ValueTask BeginAsync(long offset, long arrivalNs, Checkpoint before, CancellationToken stop)
    {
        await EnterAsync(offset, arrivalNs, stop).ConfigureAwait(false);
        _endsAt = _ends.TryGetValue(offset, out var end) ? end : null;
        _begun = _clock.GetTimestamp();
        _file = new LakeFile(_options.Compression, Encoding.UTF8.GetBytes(_schema is null ? _options.Separator : "\n"), _schema);
        _durable = before;
    }

    private async ValueTask EnterAsync(long offset, long arrivalNs, CancellationToken stop)
    {
        var directory = _places.DirectoryOf(offset, arrivalNs);
        if (directory == _directory) return;
        if (_options.Compact is not null)
            foreach (var over in Over(directory, offset, arrivalNs)) await _compaction.RunAsync(over, stop).ConfigureAwait(false);
        var folder = await _compaction.ReadAsync(directory, stop).ConfigureAwait(false);
        _ends.Clear();
        _inOthers.Clear();
        foreach (var (first, last, isInOther) in folder.Written(_places))
        {
            _ends[first] = last;
            if (isInOther) _inOthers.Add(first);
        }

        _directory = directory;
    }

    // A flow starts over from where the one of its sinks is that is furthest behind; a file of this one may begin before that and end behind it.
    // One that starts anew is another flow, whose statement may pick what that of before did not: it finds nothing there.
    private async ValueTask<long> ThereAsync(long offset, long arrivalNs, Checkpoint before, CancellationToken stop)
    {
        if (before.Counts.Examined == 0 || _options.Prefix is { HasRandom: true }) return -1;
        var seconds = (int)Math.Ceiling(_options.MaxAge.TotalSeconds);
        foreach (var directory in Enumerable.Range(0, seconds + 1).Select(ago => _places.DirectoryOf(offset, arrivalNs - (ago * NanosecondsPerSecond))).Distinct())
            foreach (var (first, last, _) in (await _compaction.ReadAsync(directory, stop).ConfigureAwait(false)).Written(_places))
                if (first < offset && offset <= last) return last;
        return -1;
    }

    // The folder that is left. Just opened, those of the hours before: some may have been left to nobody.
    private IEnumerable<string> Over(string directory, long offset, long arrivalNs) =>
        _directory.Length > 0
            ? [_directory]
            : Enumerable.Range(1, HoursBack).Select(hours => _places.DirectoryOf(offset, arrivalNs - (hours * NanosecondsPerHour))).Where(before => before != directory).Distinct();

    private async ValueTask EndAsync(Checkpoint reached, CancellationToken stop)
    {
        var file = _file!;
        if (!_inOthers.Contains(file.FirstOffset)) await _files.PutAsync(_places.PathOf(_directory, file), file.Finish(), stop).ConfigureAwait(false);
        Forget();
        _durable = reached;
    }

    private void Forget()
    {
        _file?.Dispose();
        (_file, _schema) = (null, null);
    }
}
