using Millrace.Contracts;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;

namespace Millrace.Testing.Mqtt;

/// <summary>Commits when told to, is full when told to, and fails when told to.</summary>
/// <param name="index">Within its log.</param>
/// <param name="time">For the arrival of records; 1970 where there is none.</param>
public sealed class ManualPartition(int index = 0, TimeProvider? time = null) : ILogPartition
{
    private readonly Lock _gate = new();
    private readonly List<string> _appended = [];
    private readonly List<(long First, RecordBatch Records)> _frames = [];
    private readonly HashSet<ICommitListener> _listeners = [];
    private RecordBatch _pending = new();
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _more = new();
    private long _start;
    private long _end;
    private long _commit = 1;
    private int _capacity = int.MaxValue;

    public int Index { get; } = index;

    public long Start => Volatile.Read(ref _start);

    public long End => Volatile.Read(ref _end);

    /// <summary>Every commit is done before TryAppend returns: sooner than its number is known.</summary>
    public bool CommitsAtOnce { get; set; }

    /// <summary>Thrown by the next appends.</summary>
    public FaultException? Fails { get; set; }

    /// <summary>Committed or not, as <c>key topic payload</c>.</summary>
    public IReadOnlyList<string> Appended
    {
        get
        {
            lock (_gate) return [.. _appended];
        }
    }

    /// <summary>How many more records there is room for.</summary>
    public int Capacity
    {
        get => _capacity;
        set
        {
            _capacity = value;
            if (value <= 0) return;
            _room.TrySetResult();
            _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public long TryAppend(in Record record, ICommitListener? listener, out long offset)
    {
        if (Fails is { } fault) throw fault;
        long commit;
        lock (_gate)
        {
            offset = _end + _pending.Count;
            if (_capacity <= 0) return 0;
            _capacity--;
            _appended.Add($"{ManualLog.Text(record.Key)} {ManualLog.Text(record.Topic)} {ManualLog.Text(record.Payload)}");
            _pending.Add(new Record
            {
                Topic = record.Topic,
                Key = record.Key,
                Properties = record.Properties,
                Payload = record.Payload,
                Flags = record.Flags,
                Offset = offset,
                ArrivalNs = NowNs(),
            });
            if (listener is not null) _listeners.Add(listener);
            commit = _commit;
        }

        if (CommitsAtOnce) Commit();
        return commit;
    }

    /// <summary>Makes all that was appended safe, as one frame. Who waits for records or for the commit goes on in this thread, before it returns.</summary>
    public void Commit()
    {
        ICommitListener[] told;
        TaskCompletionSource? more = null;
        long commit;
        lock (_gate)
        {
            told = [.. _listeners];
            _listeners.Clear();
            commit = _commit++;
            if (_pending.Count > 0)
            {
                (more, _more) = (_more, new TaskCompletionSource());
                _pending.Through = _end + _pending.Count;
                _frames.Add((_end, _pending));
                Volatile.Write(ref _end, _pending.Through);
                _pending = new RecordBatch();
            }
        }

        foreach (var listener in told) listener.Committed(this, commit);
        more?.TrySetResult();
    }

    /// <summary>What retention does: frames that end at the offset or before it are gone.</summary>
    public void DropBefore(long offset)
    {
        lock (_gate)
        {
            _frames.RemoveAll(f => f.Records.Through <= offset);
            Volatile.Write(ref _start, _frames.Count > 0 ? _frames[0].First : _end);
        }
    }

    public ValueTask WaitForRoomAsync(CancellationToken stop) => new(_room.Task.WaitAsync(stop));

    public bool TryRead(long offset, RecordBatch into)
    {
        lock (_gate)
        {
            foreach (var (first, records) in _frames)
            {
                if (records.Through <= offset) continue;
                for (var i = (int)Math.Max(0, offset - first); i < records.Count; i++) into.Add(records[i]);
                into.Through = records.Through;
                return true;
            }

            return false;
        }
    }

    public async ValueTask WaitForRecordsAsync(long offset, CancellationToken stop)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_end > offset) return;
                more = _more.Task;
            }

            await more.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    public long OffsetAt(long arrivalNs)
    {
        lock (_gate)
        {
            foreach (var (_, records) in _frames)
                for (var i = 0; i < records.Count; i++)
                    if (records[i].ArrivalNs >= arrivalNs) return records[i].Offset;
            return _end;
        }
    }

    /// <summary>The partition as it is found after the power failed: with what was committed.</summary>
    internal ManualPartition Restart(int withoutCommits)
    {
        var found = new ManualPartition(Index, time);
        lock (_gate)
        {
            found._frames.AddRange(_frames.SkipLast(withoutCommits));
            found._start = _start;
            found._end = found._frames.Count > 0 ? found._frames[^1].Records.Through : withoutCommits > 0 ? _start : _end;
            found._appended.AddRange(_appended.Take((int)found._end));
        }

        return found;
    }

    private long NowNs() => time is null ? 0 : (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
}
