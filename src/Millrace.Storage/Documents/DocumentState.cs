using Millrace.Contracts;
using Millrace.Contracts.Documents;

namespace Millrace.Storage.Documents;

/// <summary>The documents, and what the writer has not yet taken of their changes: both under one lock, so that they have one order.</summary>
internal sealed class DocumentState(ByteSize maxPending)
{
    // Not a Lock: the writer waits on it.
    private readonly object _gate = new();
    private readonly DocumentMap _map = new();
    private PendingWrites _pending = new();
    private PendingWrites _spare = new();
    private long _waiting;
    private long _last;
    private bool _idle;
    private bool _retryDue;
    private bool _closed;

    public long JournalBytes
    {
        get
        {
            lock (_gate) return _map.JournalBytes;
        }
    }

    public bool Closed
    {
        get
        {
            lock (_gate) return _closed;
        }
    }

    public byte[]? Find(string collection, string key)
    {
        lock (_gate) return _map.Find(collection, key);
    }

    public KeyValuePair<string, byte[]>[] List(string collection)
    {
        lock (_gate) return _map.List(collection);
    }

    /// <returns>The number of the write; 0 where too much waits already.</returns>
    /// <exception cref="FaultException">Unavailable: closed.</exception>
    public long TryWrite(ReadOnlySpan<DocumentChange> changes, int bytes, IWriteListener? listener)
    {
        var cost = PendingWrites.CostOf(changes.Length, bytes);
        lock (_gate)
        {
            if (_closed) throw new FaultException(Fault.Unavailable, "the document store is closed");
            if (_waiting > 0 && _waiting + cost > maxPending.Bytes) return 0;
            foreach (var change in changes) _map.Apply(change);
            _pending.Add(++_last, changes, listener, cost);
            _waiting += cost;
            if (_idle) Monitor.Pulse(_gate);
            return _last;
        }
    }

    /// <summary>What the journal says, before anybody else knows this object.</summary>
    public void Recover(in DocumentChange change) => _map.Apply(change);

    /// <summary>The writer has nothing else to do until something is written, <see cref="Retry"/> or <see cref="TryClose"/>.</summary>
    /// <returns>False: closed.</returns>
    public bool WaitForWork()
    {
        lock (_gate)
        {
            _idle = true;
            while (_pending.Writes == 0 && !_retryDue && !_closed) Monitor.Wait(_gate);
            _idle = false;
            return !_closed;
        }
    }

    /// <summary>Takes what was written. The writer's until it takes again.</summary>
    /// <param name="retry">Whether what the disk refused is due.</param>
    public PendingWrites Take(out bool retry)
    {
        lock (_gate)
        {
            (_pending, _spare) = (_spare, _pending);
            (retry, _retryDue) = (_retryDue, false);
            return _spare;
        }
    }

    /// <summary>What was taken is durable and makes room.</summary>
    public void Committed(long cost)
    {
        lock (_gate) _waiting -= cost;
    }

    public void Retry()
    {
        lock (_gate)
        {
            _retryDue = true;
            if (_idle) Monitor.Pulse(_gate);
        }
    }

    /// <returns>False where it was closed before.</returns>
    public bool TryClose()
    {
        lock (_gate)
        {
            if (_closed) return false;
            _closed = true;
            if (_idle) Monitor.Pulse(_gate);
            return true;
        }
    }

    public string[] Collections()
    {
        lock (_gate) return [.. _map.Collections];
    }

    public string[] Keys(string collection)
    {
        lock (_gate) return _map.Keys(collection);
    }

    /// <summary>The documents of the first of these keys as they are now, up to a number of bytes, and one at least.</summary>
    /// <returns>The number of keys looked at.</returns>
    public int Copy(string collection, ReadOnlySpan<string> keys, long bytes, List<DocumentChange> into)
    {
        lock (_gate)
        {
            for (var i = 0; i < keys.Length; i++)
            {
                if (bytes <= 0) return i;
                if (_map.Find(collection, keys[i]) is not { } value) continue;
                into.Add(new DocumentChange(collection, keys[i], value));
                bytes -= PendingWrites.CostOf(1, value.Length);
            }
        }

        return keys.Length;
    }
}
