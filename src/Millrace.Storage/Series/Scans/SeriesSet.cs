using System.Numerics;

namespace Millrace.Storage.Series.Scans;

/// <summary>Some of a table's series, by code. Filled by one thread, then read by any.</summary>
internal sealed class SeriesSet
{
    private readonly ulong[] _bits;
    private int[]? _codes;

    /// <param name="count">Series of the table: codes are smaller.</param>
    public SeriesSet(int count) => _bits = new ulong[(count + 63) / 64];

    /// <param name="count">Series of the table.</param>
    /// <param name="codes">In any order.</param>
    public SeriesSet(int count, ReadOnlySpan<int> codes)
        : this(count)
    {
        foreach (var code in codes) Add(code);
    }

    public int Count { get; private set; }

    /// <summary>Ascending.</summary>
    public ReadOnlySpan<int> Codes => _codes ??= List();

    public void Add(int code)
    {
        if (Contains(code)) return;
        _bits[code >> 6] |= 1UL << code;
        Count++;
        _codes = null;
    }

    public bool Contains(int code) => (uint)(code >> 6) < (uint)_bits.Length && (_bits[code >> 6] & (1UL << code)) != 0;

    /// <summary>Whether one of these is in it, the last one included.</summary>
    public bool AnyOf(int first, int last)
    {
        last = Math.Min(last, (_bits.Length * 64) - 1);
        if (first > last) return false;
        for (var word = first >> 6; word <= last >> 6; word++)
        {
            var bits = _bits[word];
            if (word == first >> 6) bits &= ulong.MaxValue << first;
            if (word == last >> 6) bits &= ulong.MaxValue >> (63 - (last & 63));
            if (bits != 0) return true;
        }

        return false;
    }

    private int[] List()
    {
        var codes = new int[Count];
        var at = 0;
        for (var word = 0; word < _bits.Length; word++)
            for (var bits = _bits[word]; bits != 0; bits &= bits - 1) codes[at++] = (word << 6) + BitOperations.TrailingZeroCount(bits);
        return codes;
    }
}
