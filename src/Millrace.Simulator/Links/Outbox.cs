using Millrace.Simulator.Devices;

namespace Millrace.Simulator.Links;

/// <summary>What a device wants delivered, oldest first. When it is full the oldest goes. Any thread may call.</summary>
internal sealed class Outbox(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<DeviceMessage> _waiting = new();

    public int Count
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <returns>Messages that had to go for it.</returns>
    public int Add(List<DeviceMessage> messages)
    {
        lock (_gate)
        {
            foreach (var message in messages) _waiting.Enqueue(message);
            return Trim();
        }
    }

    /// <summary>Moves the oldest to <paramref name="into"/>.</summary>
    public void Take(List<DeviceMessage> into, int most)
    {
        lock (_gate)
            while (into.Count < most && _waiting.TryDequeue(out var message)) into.Add(message);
    }

    /// <summary>Gives back, to the front and in their order, what could not be delivered.</summary>
    /// <returns>Messages that had to go for it.</returns>
    public int PutBack(List<DeviceMessage> messages)
    {
        if (messages.Count == 0) return 0;
        lock (_gate)
        {
            var younger = _waiting.ToArray();
            _waiting.Clear();
            foreach (var message in messages) _waiting.Enqueue(message);
            foreach (var message in younger) _waiting.Enqueue(message);
            return Trim();
        }
    }

    private int Trim()
    {
        var dropped = 0;
        for (; _waiting.Count > capacity; dropped++) _waiting.Dequeue();
        return dropped;
    }
}
