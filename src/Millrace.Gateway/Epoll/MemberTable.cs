namespace Millrace.Gateway.Epoll;

/// <summary>Members of a loop by key. A key is never used twice: an event of a socket that is gone finds nobody, whoever has its place or its number.</summary>
internal sealed class MemberTable
{
    private const int NoPlace = -1;

    private Slot[] _slots = new Slot[64];
    private int _used;
    private int _free = NoPlace;

    public int Count { get; private set; }

    public ulong Add(LoopMember member)
    {
        var place = _free;
        if (place == NoPlace)
        {
            if (_used == _slots.Length) Array.Resize(ref _slots, _slots.Length * 2);
            place = _used++;
        }
        else
        {
            _free = _slots[place].NextFree;
        }

        ref var slot = ref _slots[place];
        slot.Member = member;
        Count++;
        return ((ulong)slot.Generation << 32) | (uint)place;
    }

    public LoopMember? Find(ulong key)
    {
        var place = (uint)key;
        if (place >= (uint)_used) return null;
        ref var slot = ref _slots[place];
        return slot.Generation == (uint)(key >> 32) ? slot.Member : null;
    }

    public void Remove(ulong key)
    {
        var place = (int)(uint)key;
        ref var slot = ref _slots[place];
        slot.Member = null;
        slot.Generation++;
        slot.NextFree = _free;
        _free = place;
        Count--;
    }

    public List<LoopMember> All() => [.. _slots.Where(static slot => slot.Member is not null).Select(static slot => slot.Member!)];

    private struct Slot
    {
        public LoopMember? Member;
        public uint Generation;
        public int NextFree;
    }
}
