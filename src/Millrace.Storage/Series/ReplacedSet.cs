namespace Millrace.Storage.Series;

/// <summary>Replaced rows by series, time and version. One writer, which only adds; any thread may look beside it, up to a count it has seen.</summary>
internal sealed class ReplacedSet
{
    private readonly ReplacedRow[] _rows;
    private readonly int[] _first;
    private readonly int[] _next;

    // A bit for each series that may be here: most rows of most scans need no further look.
    private readonly ulong[] _series;

    /// <param name="capacity">Rows it has room for, a power of two.</param>
    /// <param name="rows">Those to begin with: half as many at most.</param>
    public ReplacedSet(int capacity, IEnumerable<ReplacedRow> rows)
    {
        _rows = new ReplacedRow[capacity];
        _first = new int[capacity];
        _next = new int[capacity];
        _series = new ulong[Math.Max(1, capacity / 8)];
        Array.Fill(_first, -1);
        foreach (var row in rows) Add(row);
    }

    public int Count { get; private set; }

    public bool IsFull => Count == _rows.Length;

    public ReadOnlySpan<ReplacedRow> Rows => _rows.AsSpan(0, Count);

    /// <summary>No row before this time is here.</summary>
    public long FromNs { get; private set; } = long.MaxValue;

    public long ToNs { get; private set; } = long.MinValue;

    public void Add(in ReplacedRow row)
    {
        _rows[Count] = row;
        FromNs = Math.Min(FromNs, row.TimeNs);
        ToNs = Math.Max(ToNs, row.TimeNs);
        var (word, bit) = Bit(row.Series);
        _series[word] |= bit;
        var slot = Slot(row.Series, row.TimeNs);
        _next[Count] = _first[slot];
        Volatile.Write(ref _first[slot], Count++);
    }

    public bool MayHave(int series)
    {
        var (word, bit) = Bit(series);
        return (_series[word] & bit) != 0;
    }

    /// <param name="series">The row's series.</param>
    /// <param name="timeNs">Its time.</param>
    /// <param name="version">Its version.</param>
    /// <param name="count">Only the first so many count.</param>
    public bool Contains(int series, long timeNs, long version, int count)
    {
        for (var at = Volatile.Read(ref _first[Slot(series, timeNs)]); at >= 0; at = _next[at])
        {
            ref readonly var row = ref _rows[at];
            if (at < count && row.Series == series && row.TimeNs == timeNs && row.Version == version) return true;
        }

        return false;
    }

    private (int Word, ulong Bit) Bit(int series)
    {
        var number = ((uint)series * 0x9E3779B1u) >> 3;
        return ((int)((number >> 6) & (uint)(_series.Length - 1)), 1UL << (int)number);
    }

    private int Slot(int series, long timeNs)
    {
        var hash = ((ulong)timeNs ^ ((ulong)(uint)series << 40)) * 0x9E3779B97F4A7C15;
        return (int)((hash >> 32) & (uint)(_first.Length - 1));
    }
}
