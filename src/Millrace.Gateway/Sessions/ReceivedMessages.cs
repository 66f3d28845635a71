namespace Millrace.Gateway.Sessions;

/// <summary>QoS 2 messages that a client published and has not released: packet id and offset. Guarded by its session's lock.</summary>
internal sealed class ReceivedMessages
{
    private readonly Dictionary<ushort, long> _offsets;

    public ReceivedMessages() => _offsets = [];

    public ReceivedMessages(Dictionary<ushort, long> offsets, long through) => (_offsets, Through) = (new(offsets), through);

    public int Count => _offsets.Count;

    /// <summary>All before this offset that are not listed were released.</summary>
    public long Through { get; private set; }

    public bool TryGet(ushort packetId, out long offset) => _offsets.TryGetValue(packetId, out offset);

    public void Add(ushort packetId, long offset)
    {
        _offsets[packetId] = offset;
        Through = Math.Max(Through, offset + 1);
    }

    public bool Remove(ushort packetId, out long offset) => _offsets.Remove(packetId, out offset);

    public Dictionary<ushort, long> ToDictionary() => new(_offsets);
}
