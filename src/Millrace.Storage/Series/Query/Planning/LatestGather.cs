using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Rows;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Puts the newest rows of some series one after the other. For one thread.</summary>
internal sealed class LatestGather(int[] slots, TableSnapshot snapshot)
{
    private readonly RowColumns _one = new();

    /// <summary>The rows so far.</summary>
    public RowColumns Rows { get; } = new();

    public void Clear() => RowCopy.Prepare(Rows, slots, snapshot.Stored);

    /// <summary>Adds the newest row of a series, where it has one and there is room.</summary>
    public void Add(int series)
    {
        if (!snapshot.TryLatest(series, slots, _one)) return;
        var at = Rows.Count++;
        Rows.Series[at] = _one.Series[0];
        Rows.TimeNs[at] = _one.TimeNs[0];
        foreach (var slot in slots)
        {
            if (slot >= _one.Columns.Length || _one.Columns[slot] is not { } column || !column.IsValid(0)) continue;
            if (column.Type == MeasureType.Varchar) Rows.Columns[slot]!.Set(at, column.Text(0));
            else Rows.Columns[slot]!.Set(at, column.Bits[0]);
        }
    }
}
