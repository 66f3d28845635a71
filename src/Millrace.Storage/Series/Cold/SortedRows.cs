using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Cold;

/// <summary>The order of rows that came in any order: by series, time and version. The rows stay where they are.</summary>
internal sealed class SortedRows : IComparer<int>
{
    private const int Shift = 11;

    private readonly IReadOnlyList<RowColumns> _rows;
    private readonly int _versionSlot;
    private readonly int[] _places;

    /// <param name="rows">Not changed any more.</param>
    /// <param name="versionSlot">The column of versions; -1 where all are 1.</param>
    public SortedRows(IReadOnlyList<RowColumns> rows, int versionSlot)
    {
        _rows = rows;
        _versionSlot = versionSlot;
        _places = BySeries();
        for (var first = 0; first < _places.Length;)
        {
            var series = SeriesOf(_places[first]);
            var end = first + 1;
            var sorted = true;
            for (; end < _places.Length && SeriesOf(_places[end]) == series; end++) sorted = sorted && Compare(_places[end - 1], _places[end]) < 0;
            if (!sorted) _places.AsSpan(first, end - first).Sort(this);
            first = end;
        }
    }

    /// <summary>Places of the rows, in order: the number of the chunk, and the row in it in the lowest eleven bits.</summary>
    public ReadOnlySpan<int> Places => _places;

    public RowColumns ChunkOf(int place) => _rows[place >> Shift];

    public static int RowOf(int place) => place & (RowColumns.Capacity - 1);

    /// <summary>Only within one series.</summary>
    public int Compare(int x, int y)
    {
        var byTime = TimeOf(x).CompareTo(TimeOf(y));
        if (byTime != 0) return byTime;
        var byVersion = VersionOf(x).CompareTo(VersionOf(y));
        return byVersion != 0 ? byVersion : x.CompareTo(y);
    }

    // There are at most some millions of series, so counting is cheaper than comparing.
    private int[] BySeries()
    {
        var (least, most, count) = (int.MaxValue, 0, 0);
        foreach (var chunk in _rows)
        {
            count += chunk.Count;
            foreach (var series in chunk.Series.AsSpan(0, chunk.Count)) (least, most) = (Math.Min(least, series), Math.Max(most, series));
        }

        if (count == 0) return [];
        var next = new int[most - least + 2];
        foreach (var chunk in _rows)
            foreach (var series in chunk.Series.AsSpan(0, chunk.Count)) next[series - least + 1]++;
        for (var i = 1; i < next.Length; i++) next[i] += next[i - 1];
        var places = new int[count];
        for (var chunk = 0; chunk < _rows.Count; chunk++)
            for (var row = 0; row < _rows[chunk].Count; row++) places[next[_rows[chunk].Series[row] - least]++] = (chunk << Shift) | row;
        return places;
    }

    private int SeriesOf(int place) => ChunkOf(place).Series[RowOf(place)];

    private long TimeOf(int place) => ChunkOf(place).TimeNs[RowOf(place)];

    private long VersionOf(int place) => RowVersion.Of(ChunkOf(place), RowOf(place), _versionSlot);
}
