using Millrace.Contracts;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;

namespace Millrace.Testing.Mqtt;

/// <summary>Commits when told to, is full when told to, and fails when told to.</summary>
public sealed class ManualPartition : ILogPartition
{
    private readonly Lock _gate = new();
    private readonly List<string> _appended = [];
    private readonly HashSet<ICommitListener> _listeners = [];
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _commit = 1;
    private int _capacity = int.MaxValue;

    public int Index => 0;

    public long Start => 0;

    public long End => 0;

    /// <summary>Every commit is done before TryAppend returns: sooner than its number is known.</summary>
    public bool CommitsAtOnce { get; set; }

    /// <summary>Thrown by the next appends.</summary>
    public FaultException? Fails { get; set; }

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
            offset = _appended.Count;
            if (_capacity <= 0) return 0;
            _capacity--;
            _appended.Add($"{ManualLog.Text(record.Key)} {ManualLog.Text(record.Topic)} {ManualLog.Text(record.Payload)}");
            if (listener is not null) _listeners.Add(listener);
            commit = _commit;
        }

        if (CommitsAtOnce) Commit();
        return commit;
    }

    /// <summary>Makes all that was appended safe.</summary>
    public void Commit()
    {
        ICommitListener[] told;
        long commit;
        lock (_gate)
        {
            told = [.. _listeners];
            _listeners.Clear();
            commit = _commit++;
        }

        foreach (var listener in told) listener.Committed(this, commit);
    }

    public ValueTask WaitForRoomAsync(CancellationToken stop) => new(_room.Task.WaitAsync(stop));

    public bool TryRead(long offset, RecordBatch into) => false;

    public ValueTask WaitForRecordsAsync(long offset, CancellationToken stop) => throw new NotSupportedException();

    public long OffsetAt(long arrivalNs) => 0;
}
