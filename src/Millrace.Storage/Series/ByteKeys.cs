using System.Buffers.Binary;

namespace Millrace.Storage.Series;

/// <summary>Byte strings and their numbers: 0, 1, 2, … in the order they came. Finding a known one allocates nothing.</summary>
/// <remarks>
/// An open hash table of numbers beside the bytes, which lie one after the other in pages. The hash is seeded per process, so that names sent by
/// devices cannot be chosen to collide. Not for several threads at once.
/// </remarks>
internal sealed class ByteKeys
{
    // Pages double up to this: a store may have thousands of small tables.
    private const int MaxPageSize = 1 << 20;

    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64() | 1;
    private static readonly ulong OtherSeed = (ulong)Random.Shared.NextInt64() | 1;

    private readonly List<byte[]> _pages = [];
    private (uint Hash, int Number)[] _slots = new (uint, int)[64];
    private (int Page, int At, int Length)[] _keys = new (int, int, int)[16];
    private int _pageUsed;
    private long _pageBytes;

    public ByteKeys() => Array.Fill(_slots, (0u, -1));

    public int Count { get; private set; }

    /// <summary>Bytes of memory taken.</summary>
    public long Memory => _pageBytes + (_slots.Length * 8L) + (_keys.Length * 12L);

    public ReadOnlySpan<byte> this[int number]
    {
        get
        {
            var (page, at, length) = _keys[number];
            return _pages[page].AsSpan(at, length);
        }
    }

    /// <returns>-1 where it is not known.</returns>
    public int Find(ReadOnlySpan<byte> key)
    {
        var hash = Hash(key);
        for (var slot = hash & (uint)(_slots.Length - 1); ; slot = (slot + 1) & (uint)(_slots.Length - 1))
        {
            var (stored, number) = _slots[slot];
            if (number < 0) return -1;
            if (stored == hash && this[number].SequenceEqual(key)) return number;
        }
    }

    /// <summary>Gives the next number to a key that is not there yet.</summary>
    public int Add(ReadOnlySpan<byte> key)
    {
        if ((Count + 1) * 2 > _slots.Length) Grow();
        if (Count == _keys.Length) Array.Resize(ref _keys, Count * 2);
        if (_pages.Count == 0 || _pages[^1].Length - _pageUsed < key.Length)
        {
            var size = (int)Math.Clamp(_pageBytes, 256, MaxPageSize);
            _pages.Add(GC.AllocateUninitializedArray<byte>(Math.Max(size, key.Length)));
            _pageBytes += _pages[^1].Length;
            _pageUsed = 0;
        }

        key.CopyTo(_pages[^1].AsSpan(_pageUsed));
        _keys[Count] = (_pages.Count - 1, _pageUsed, key.Length);
        _pageUsed += key.Length;
        Place(Hash(key), Count);
        return Count++;
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new (uint, int)[old.Length * 2];
        Array.Fill(_slots, (0u, -1));
        foreach (var (hash, number) in old)
            if (number >= 0) Place(hash, number);
    }

    private void Place(uint hash, int number)
    {
        var slot = hash & (uint)(_slots.Length - 1);
        while (_slots[slot].Number >= 0) slot = (slot + 1) & (uint)(_slots.Length - 1);
        _slots[slot] = (hash, number);
    }

    // Sixteen bytes at a time through a 128-bit multiplication, as wyhash does; the last of them once more where less than that is left.
    private static uint Hash(ReadOnlySpan<byte> key)
    {
        const ulong prime = 0x9E3779B97F4A7C15;
        var hash = Seed ^ ((ulong)key.Length * prime);
        for (var rest = key; rest.Length > 16; rest = rest[16..]) hash = Step(hash, rest);
        if (key.Length >= 16) return Last(Step(hash, key[^16..]));
        for (var i = 0; i < key.Length; i++) hash = Fold(hash ^ key[i], prime);
        return Last(hash);

        static ulong Step(ulong hash, ReadOnlySpan<byte> key) =>
            Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(key), OtherSeed ^ BinaryPrimitives.ReadUInt64LittleEndian(key[8..]));
    }

    private static uint Last(ulong hash)
    {
        hash = Fold(hash, OtherSeed);
        return (uint)(hash ^ (hash >> 32));
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
