using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Scans;

/// <summary>Collects the rows in memory of some series along their chains: series by series, each in the order of time and version.</summary>
internal sealed class ChainWalk(SeriesScan scan)
{
    private readonly List<int> _rows = [];
    private ScanUnit _unit;
    private int _code;
    private int _done;

    public void Begin(in ScanUnit unit)
    {
        _unit = unit;
        _code = unit.First;
        _done = 0;
        _rows.Clear();
    }

    /// <summary>Adds rows, as many as there is room for.</summary>
    /// <returns>The unit's end where these were the last; else something before it.</returns>
    public int Fill(RowColumns into)
    {
        while (into.Count < RowColumns.Capacity)
        {
            if (_done == _rows.Count)
            {
                if (_code == _unit.End) return _unit.End;
                Collect(scan.Range.Series!.Codes[_code++]);
                _done = 0;
                continue;
            }

            RowCopy.Add(into, scan.ReadSlots, _unit.Hot.Rows, _rows[_done++]);
        }

        return _unit.End - 1;
    }

    private void Collect(int series)
    {
        _rows.Clear();
        var (hot, range) = (_unit.Hot, scan.Range);
        for (var row = hot.LastOf(series); row >= 0; row = hot.Rows.Before(row))
        {
            // What came in order goes back in time.
            var timeNs = hot.Rows.TimeOf(row);
            if (timeNs < range.FromNs) break;
            if (timeNs <= range.ToNs) _rows.Add(row);
        }

        _rows.Reverse();
        var inOrder = _rows.Count;
        for (var row = hot.LastLateOf(series); row >= 0; row = hot.Rows.Before(row))
            if (hot.Rows.TimeOf(row) is var timeNs && timeNs >= range.FromNs && timeNs <= range.ToNs) _rows.Add(row);
        var versionSlot = scan.Snapshot.VersionSlot;
        if (_rows.Count > inOrder)
            _rows.Sort((a, b) => (hot.Rows.TimeOf(a), hot.Rows.VersionOf(a, versionSlot)).CompareTo((hot.Rows.TimeOf(b), hot.Rows.VersionOf(b, versionSlot))));
        var replaced = scan.Snapshot.Replaced;
        if (replaced.Any) _rows.RemoveAll(row => replaced.Contains(series, hot.Rows.TimeOf(row), hot.Rows.VersionOf(row, versionSlot)));
    }
}
