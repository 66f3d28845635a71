using System.Diagnostics.CodeAnalysis;
using Millrace.Contracts;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;

namespace Millrace.Storage.Log;

/// <summary>One partition of a log on our own disk.</summary>
public sealed class LogPartition : ILogPartition
{
    private readonly Lock _gate = new();
    private readonly Signal _room = new();
    private readonly Signal _arrived = new();
    private readonly PartitionState _state;
    private readonly LogEnvironment _environment;
    private readonly Committer _committer;
    private readonly long _maxPending;
    private LogLimits _limits = new();
    private PendingRecords _filling;
    private PendingRecords? _spare;
    private long _commit = 1;
    private long _next;
    private long _lastArrival;
    private bool _crowded;
    private bool _closed;

    internal LogPartition(PartitionState state, LogEnvironment environment, Committer committer)
    {
        _state = state;
        _environment = environment;
        _committer = committer;
        _maxPending = environment.Options.MaxPending.Bytes;
        _filling = new PendingRecords((int)environment.Options.MaxFrameSize.Bytes);
        _spare = new PendingRecords((int)environment.Options.MaxFrameSize.Bytes);
        _next = End;
        _lastArrival = NewestArrival();
        Writer = new PartitionWriter(this, state, environment);
    }

    /// <summary>Log and partition, as <c>ingress/0</c>.</summary>
    public string Name => _state.Name;

    public int Index => _state.Index;

    public long Start => _state.Segments.Start;

    public long End => _state.Segments.End;

    /// <summary>How things stand, for metrics.</summary>
    public PartitionStats Stats => _state.Counters.Now with
    {
        Start = Start,
        End = End,
        Segments = _state.Segments.All.Length,
        BytesOnDisk = _state.Segments.Bytes,
        PendingBytes = PendingBytes,
    };

    /// <summary>How long records are kept.</summary>
    public LogRetention Retention
    {
        get => _state.Retention;
        internal set => _state.Retention = value;
    }

    /// <summary>What is known to be damaged here, oldest first.</summary>
    public IReadOnlyList<LogDamage> Damages => _state.Damages.Known;

    /// <summary>Its segments, as far as they are committed.</summary>
    internal IReadOnlyList<(string Path, long Bytes)> Files
    {
        get
        {
            var files = new List<(string, long)>();
            foreach (var segment in _state.Segments.All) files.Add((segment.Path, segment.Length));
            return files;
        }
    }

    internal LogLimits Limits
    {
        set => Volatile.Write(ref _limits, value);
    }

    internal PartitionWriter Writer { get; }

    /// <summary>Records that no commit has taken yet.</summary>
    internal int Pending
    {
        get
        {
            lock (_gate) return _filling.Count;
        }
    }

    private int PendingBytes
    {
        get
        {
            lock (_gate) return _filling.Bytes;
        }
    }

    public long Next
    {
        get
        {
            lock (_gate) return _next;
        }
    }

    /// <summary>About how many bytes on disk the records from an offset on take.</summary>
    public long BytesFrom(long offset) => _state.Segments.BytesFrom(offset);

    /// <summary>Has readers pass over a damaged place, from now on and over restarts.</summary>
    /// <param name="offset">A record that cannot be read.</param>
    /// <exception cref="FaultException">Refused: the record can be read, or there is none.</exception>
    public LogDamage SkipDamage(long offset)
    {
        if (offset < Start || offset >= End) throw new FaultException(Fault.Refused, $"{Name} has records {Start} to {End - 1}; there is no record {offset}");
        if (_state.Damages.Of(offset) is null)
        {
            using var batch = new RecordBatch();
            try
            {
                TryRead(offset, batch);
            }
            catch (FaultException bad) when (bad.Fault == Fault.Corrupt)
            {
                // Now it is known how much is lost.
            }
        }

        return _state.Damages.Of(offset) is { } damage ? _state.Damages.Skip(damage)
            : throw new FaultException(Fault.Refused, $"record {offset} of {Name} can be read: nothing is skipped");
    }

    public long TryAppend(in Record record, ICommitListener? listener, out long offset)
    {
        var size = SizeOf(record);
        var now = _environment.NowNs;
        long commit;
        bool first;
        lock (_gate)
        {
            if (_closed) ThrowClosed();
            first = _filling.Count == 0;
            if (!first && _filling.Bytes + size > _maxPending)
            {
                _crowded = true;
                offset = -1;
                return 0;
            }

            // Clocks are set back at times; arrivals are not.
            if (now > _lastArrival) _lastArrival = now;
            _filling.Add(record, size, _lastArrival);
            if (listener is not null) _filling.Listeners.Add(listener);
            commit = _commit;
            offset = _next++;
        }

        if (first) _committer.Wake(Writer);
        return commit;
    }

    public async ValueTask WaitForRoomAsync(CancellationToken stop)
    {
        var room = _room.Next;
        lock (_gate)
        {
            if (_closed) ThrowClosed();
            if (!_crowded) return;
        }

        await room.WaitAsync(stop).ConfigureAwait(false);
    }

    public bool TryRead(long offset, RecordBatch into) => _state.Reader.TryRead(offset, into);

    public async ValueTask WaitForRecordsAsync(long offset, CancellationToken stop)
    {
        while (End <= offset)
        {
            var next = _arrived.Next;
            if (Volatile.Read(ref _closed)) ThrowClosed();
            if (End > offset) return;
            await next.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    public long OffsetAt(long arrivalNs) => _state.Reader.OffsetAt(arrivalNs);

    /// <returns>All that waits, for the commit thread to write; null where nothing does. One batch is out at a time.</returns>
    internal PendingRecords? Take()
    {
        PendingRecords taken;
        bool crowded;
        lock (_gate)
        {
            if (_filling.Count == 0) return null;
            taken = _filling;
            taken.Commit = _commit++;
            _filling = _spare!;
            _spare = null;
            crowded = _crowded;
            _crowded = false;
        }

        if (crowded) _room.Send();
        return taken;
    }

    /// <summary>What was taken is safe and can be read.</summary>
    internal void Committed(PendingRecords batch, CommitNotifier notifier)
    {
        if (batch.Listeners.Count > 0) batch.Listeners = notifier.Add(this, batch.Commit, batch.Listeners);
        batch.Clear();
        lock (_gate) _spare = batch;
        _arrived.Send();
    }

    /// <summary>Takes no more records and ends all waits. What waits for the disk is still written.</summary>
    internal void Close()
    {
        lock (_gate) Volatile.Write(ref _closed, true);
        _room.Send();
        _arrived.Send();
    }

    /// <summary>Its log is deleted: readers find nothing.</summary>
    internal void Forget()
    {
        foreach (var segment in _state.Segments.All.ToArray()) _environment.Files.Drop(segment);
        _state.Segments.Clear();
    }

    [DoesNotReturn]
    private void ThrowClosed() => throw new FaultException(Fault.Unavailable, $"log {Name} is closed");

    private int SizeOf(in Record record)
    {
        var data = (long)record.Topic.Length + record.Key.Length + record.Properties.Length + record.Payload.Length;
        if (IsTooLarge(data, record) || record.Topic.Length > ushort.MaxValue || record.Key.Length > ushort.MaxValue
            || record.Properties.Length > RecordHeader.MaxPropertiesLength)
        {
            ThrowTooLarge(record);
        }

        return (int)data + RecordHeader.Size;
    }

    private bool IsTooLarge(long data, in Record record) => Volatile.Read(ref _limits).MaxRecordSize is { } most
        ? record.Payload.Length + record.Key.Length > most.Bytes || data > _maxPending
        : data > _environment.Options.MaxRecordSize.Bytes;

    [DoesNotReturn]
    private void ThrowTooLarge(in Record record)
    {
        var limit = Volatile.Read(ref _limits).MaxRecordSize is { } most
            ? $"takes records with payload and key of up to {most} together (its maxRecordSize)"
            : $"takes records of up to {_environment.Options.MaxRecordSize} (log.maxRecordSize)";
        throw new FaultException(Fault.Refused,
            $"log {Name} {limit} with topic and key of up to 65535 bytes; this one has "
            + $"topic {record.Topic.Length}, key {record.Key.Length}, properties {record.Properties.Length}, payload {record.Payload.Length} bytes");
    }

    private long NewestArrival()
    {
        if (End == Start) return 0;
        using var batch = new RecordBatch();
        try
        {
            return TryRead(End - 1, batch) ? batch[batch.Count - 1].ArrivalNs : 0;
        }
        catch (FaultException unreadable) when (unreadable.Fault is Fault.Corrupt or Fault.Unavailable)
        {
            // Whoever reads there is told. The clock of now is late enough, unless it was set back.
            return 0;
        }
    }
}
