using Millrace.Devices.Policies;

namespace Millrace.Devices.Connecting;

/// <summary>The latest answers of one connection: topics are asked for again and again. A fixed table; a newer answer takes an older one's place.</summary>
//
//   a slot   1  the action's number, with 0x80 where it is allowed; 0: empty
//            1  length of the topic
//          118  the topic
//
internal sealed class AnswerTable
{
    private const int Slots = 16;
    private const int SlotSize = 120;
    private const int Head = 2;
    private const byte Allowed = 0x80;

    private readonly byte[] _slots = new byte[Slots * SlotSize];
    private int _taken;

    /// <summary>Any thread may call. One that finds another in the table asks the ruling itself: that is cheaper than to wait.</summary>
    public bool Allows(Ruling ruling, PolicyActions action, ReadOnlySpan<byte> topic)
    {
        if (topic.Length > SlotSize - Head || Interlocked.Exchange(ref _taken, 1) != 0) return ruling.Allows(action, topic);
        try
        {
            var hash = new HashCode();
            hash.Add((int)action);
            hash.AddBytes(topic);
            var slot = _slots.AsSpan((int)((uint)hash.ToHashCode() % Slots) * SlotSize, SlotSize);
            if ((slot[0] & ~Allowed) == (int)action && slot[1] == topic.Length && slot.Slice(Head, topic.Length).SequenceEqual(topic))
                return (slot[0] & Allowed) != 0;

            var allowed = ruling.Allows(action, topic);
            slot[0] = (byte)((int)action | (allowed ? Allowed : 0));
            slot[1] = (byte)topic.Length;
            topic.CopyTo(slot[Head..]);
            return allowed;
        }
        finally
        {
            Volatile.Write(ref _taken, 0);
        }
    }
}
