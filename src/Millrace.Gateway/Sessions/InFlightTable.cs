using System.Runtime.CompilerServices;

namespace Millrace.Gateway.Sessions;

/// <summary>The messages in flight to one client, in the order in which they were first sent. Guarded by its session's lock.</summary>
/// <remarks>A list in an array: once it has grown to the client's window, messages come and go without allocating.</remarks>
internal sealed class InFlightTable
{
    private const int Nothing = -1;

    private readonly Dictionary<ushort, int> _byId = [];
    private Entry[] _entries = [];
    private int _first = Nothing;
    private int _last = Nothing;
    private int _free = Nothing;
    private ushort _lastId;

    public int Count => _byId.Count;

    /// <summary>The first, or nothing; then <see cref="After"/>.</summary>
    public ref InFlightMessage First => ref At(_first);

    public ref InFlightMessage After(in InFlightMessage message) => ref At(_entries[_byId[message.PacketId]].Next);

    /// <returns>A null reference where there is none: ask with <see cref="Unsafe.IsNullRef{T}"/>. Good until the next Add.</returns>
    public ref InFlightMessage Find(ushort packetId) => ref At(_byId.TryGetValue(packetId, out var at) ? at : Nothing);

    public bool Contains(ushort packetId) => _byId.ContainsKey(packetId);

    public void Add(in InFlightMessage message)
    {
        if (_free == Nothing) Grow();
        var at = _free;
        ref var entry = ref _entries[at];
        _free = entry.Next;
        entry.Message = message;
        (entry.Before, entry.Next) = (_last, Nothing);
        if (_last == Nothing) _first = at;
        else _entries[_last].Next = at;
        _last = at;
        _byId.Add(message.PacketId, at);
    }

    public bool Remove(ushort packetId)
    {
        if (!_byId.Remove(packetId, out var at)) return false;
        ref var entry = ref _entries[at];
        if (entry.Before == Nothing) _first = entry.Next;
        else _entries[entry.Before].Next = entry.Next;
        if (entry.Next == Nothing) _last = entry.Before;
        else _entries[entry.Next].Before = entry.Before;
        entry.Message = default;
        entry.Next = _free;
        _free = at;
        return true;
    }

    /// <returns>An id that is not in use [MQTT-2.2.1-3]. There is one: fewer than all 65,535 are ever in flight.</returns>
    public ushort NextFreeId(Dictionary<ushort, LogPosition>? alsoInUse)
    {
        do
        {
            _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        }
        while (_byId.ContainsKey(_lastId) || alsoInUse?.ContainsKey(_lastId) == true);
        return _lastId;
    }

    private ref InFlightMessage At(int index)
    {
        if (index == Nothing) return ref Unsafe.NullRef<InFlightMessage>();
        return ref _entries[index].Message;
    }

    private void Grow()
    {
        var before = _entries.Length;
        Array.Resize(ref _entries, Math.Max(4, before * 2));
        for (var i = _entries.Length - 1; i >= before; i--)
        {
            _entries[i].Next = _free;
            _free = i;
        }
    }

    private struct Entry
    {
        public InFlightMessage Message;
        public int Before;
        public int Next;
    }
}
