using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Objects;
using Millrace.Contracts.Records;
using Millrace.Storage.Files;
using Millrace.Storage.Lake.Parquet;

namespace Millrace.Storage.Lake;

/// <summary>Gathers a flow's records into gzip JSON Lines files, <c>{root}/raw/{stream}/yyyy/MM/dd/HH/</c> by the arrival of the first.</summary>
/// <remarks>
/// A checkpoint is only ever at the beginning of a file. What is gathered is in memory until its file is whole; after a crash it is read
/// from the log again, and ends up in the same file with the same bytes: where a file ends depends on the batches alone, except when
/// it was closed because nothing came. Such a file is found by its name, and ends again where it ended before.
/// </remarks>
public sealed class LakeSink : ISink
{
    private const long NanosecondsPerHour = 3_600_000_000_000;

    private readonly IDisk _disk;
    private readonly LakeOptions _options;
    private readonly TimeProvider _clock;
    private readonly LakePlaces _places;
    private readonly Dictionary<long, long> _ends = [];
    private string _directory = "";
    private bool _isDirectorySafe;
    private LakeFile? _file;
    private RowSchema? _schema;
    private long _begun;
    private long? _endsAt;
    private Checkpoint? _durable;
    private long _told = -1;

    /// <param name="disk">The data directory.</param>
    /// <param name="options">Checked by the caller.</param>
    /// <param name="flow">Begins the names of the files; letters, digits, <c>_</c>, <c>-</c> and <c>.</c>.</param>
    /// <param name="partition">Of the flow's source.</param>
    /// <param name="clock">Tells when nothing came for too long.</param>
    public LakeSink(IDisk disk, LakeOptions options, string flow, int partition, TimeProvider clock)
    {
        if (!LakeOptions.IsDirectory(flow)) throw new ArgumentException($"'{flow}' cannot begin the name of a lake file", nameof(flow));
        (_disk, _options, _clock) = (disk, options, clock);
        _places = new LakePlaces(options, flow, partition);
    }

    /// <returns>Null: the runner's own checkpoint holds.</returns>
    public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop)
    {
        Forget();
        _durable = null;
        _told = -1;
        _directory = "";
        try
        {
            if (_disk.Exists(_places.Unfinished)) _disk.Delete(_places.Unfinished);
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            throw Unavailable(_places.Unfinished, "removed", e);
        }

        return ValueTask.FromResult<Checkpoint?>(null);
    }

    public ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop)
    {
        var first = batch[0];
        if (_file is not null && EndsBefore(first)) End(before);
        for (var i = 0; i < batch.Count; i++)
        {
            var record = batch[i];
            if (_options.Format == LakeFormat.Parquet && Learn(record.Payload) is { } wrong)
            {
                outcomes.Refuse(i, Fault.Unreadable, LakeReasons.NoRow + wrong);
                continue;
            }

            if (_file is null) Begin(record, before);
            _file!.Add(record);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop)
    {
        if (_file is not null && EndsWhenIdleAt(reached.Offset)) End(reached);
        if (_file is null) _durable = reached;
        if (_durable is not { } durable || durable.Offset <= _told) return ValueTask.FromResult<Checkpoint?>(null);
        _told = durable.Offset;
        return ValueTask.FromResult<Checkpoint?>(durable);
    }

    /// <summary>Forgets what was gathered: the checkpoint is still before it.</summary>
    public ValueTask DisposeAsync()
    {
        _file?.Dispose();
        _file = null;
        return ValueTask.CompletedTask;
    }

    private string? Learn(ReadOnlySpan<byte> payload) => (_schema ??= new RowSchema(_options.Columns)).TryLearn(payload);

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

    private void Forget()
    {
        _file?.Dispose();
        (_file, _schema) = (null, null);
    }

    private void Begin(in Record first, Checkpoint before)
    {
        Enter(_places.DirectoryOf(first.Offset, first.ArrivalNs));
        _endsAt = _ends.TryGetValue(first.Offset, out var end) ? end : null;
        _begun = _clock.GetTimestamp();
        _file = new LakeFile(_options.Compression, Encoding.UTF8.GetBytes(_schema is null ? _options.Separator : "\n"), _schema);
        _durable = before;
    }

    private void Enter(string directory)
    {
        if (directory == _directory) return;
        _ends.Clear();
        try
        {
            foreach (var name in _disk.List(directory))
                if (LakeFileName.TryParse(name, _places.Prefix, _places.Extension, out var first, out var last)) _ends[first] = last;
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            throw Unavailable(directory, "listed", e);
        }

        _directory = directory;
        _isDirectorySafe = false;
    }

    private void End(Checkpoint reached)
    {
        var file = _file!;
        file.Finish();
        var path = _places.PathOf(_directory, file);
        try
        {
            using (var unfinished = _disk.Open(_places.Unfinished))
            {
                file.WriteTo(unfinished);
                unfinished.Sync();
            }

            _disk.Rename(_places.Unfinished, path);
            SyncDirectory();
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            throw Unavailable(path, "written", e);
        }

        Forget();
        _durable = reached;
    }

    // A new directory is safe when each directory above it is.
    private void SyncDirectory()
    {
        _disk.SyncDirectory(_directory);
        for (var above = _directory; !_isDirectorySafe && above.Length > 0;)
        {
            above = AtomicFile.DirectoryOf(above);
            _disk.SyncDirectory(above);
        }

        _isDirectorySafe = true;
    }

    private static bool IsOfTheDisk(Exception e) => e is IOException or UnauthorizedAccessException;

    private static FaultException Unavailable(string path, string what, Exception e) => new(
        Fault.Unavailable, $"lake: {path} cannot be {what}: {e.Message} Its records stay in the log and are written once this is mended.", e);
}
