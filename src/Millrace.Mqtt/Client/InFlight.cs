namespace Millrace.Mqtt.Client;

/// <summary>The QoS 1 messages without PUBACK: as many as the two sides allow, packet ids from 1 to that number.</summary>
internal sealed class InFlight : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _room;
    private readonly Slot[] _slots;
    private readonly Stack<ushort> _free;
    private TaskCompletionSource? _empty;
    private bool _closed;

    public InFlight(int limit)
    {
        _room = new SemaphoreSlim(limit);
        _slots = new Slot[limit];
        _free = new Stack<ushort>(limit);
        for (var id = limit; id > 0; id--) _free.Push((ushort)id);
    }

    public int Count => _slots.Length - _free.Count;

    public Task RoomAsync(CancellationToken stop) => _room.WaitAsync(stop);

    /// <summary>Takes a packet id; after <see cref="RoomAsync"/> there is one.</summary>
    public ushort Begin(long startedAt, TaskCompletionSource<ReasonCode>? waiter)
    {
        lock (_gate)
        {
            if (_closed) return 0;
            var id = _free.Pop();
            _slots[id - 1] = new Slot { IsTaken = true, StartedAt = startedAt, Waiter = waiter };
            return id;
        }
    }

    /// <returns>False where no message with this id is in flight.</returns>
    public bool TryEnd(ushort packetId, ReasonCode reason, out long startedAt)
    {
        TaskCompletionSource<ReasonCode>? waiter;
        TaskCompletionSource? empty = null;
        lock (_gate)
        {
            startedAt = 0;
            if (packetId > _slots.Length || !_slots[packetId - 1].IsTaken) return false;
            ref var slot = ref _slots[packetId - 1];
            (startedAt, waiter) = (slot.StartedAt, slot.Waiter);
            slot = default;
            _free.Push(packetId);
            if (_free.Count == _slots.Length) (empty, _empty) = (_empty, null);
        }

        _room.Release();
        waiter?.TrySetResult(reason);
        empty?.TrySetResult();
        return true;
    }

    /// <summary>Ends when nothing is in flight.</summary>
    public Task EmptyAsync()
    {
        lock (_gate)
        {
            if (_closed || _free.Count == _slots.Length) return Task.CompletedTask;
            return (_empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Fails all who wait.</summary>
    public void Close(Exception reason)
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var slot in _slots) slot.Waiter?.TrySetException(reason);
            _empty?.TrySetException(reason);
        }

        // Those who wait for room wake up and find it closed; nobody else will take a place.
        _room.Release(_slots.Length);
    }

    public void Dispose() => _room.Dispose();

    private struct Slot
    {
        public bool IsTaken;
        public long StartedAt;
        public TaskCompletionSource<ReasonCode>? Waiter;
    }
}
