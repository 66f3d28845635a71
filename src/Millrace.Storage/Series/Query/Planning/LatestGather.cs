using Millrace.Storage.Series.Rows;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Puts the newest rows of some series one after the other. For one thread.</summary>
/// <param name="slots">Columns wanted.</param>
/// <param name="snapshot">Of the table.</param>
/// <param name="rows">Where they are put.</param>
/// <param name="scratch">For reading files.</param>
internal sealed class LatestGather(int[] slots, TableSnapshot snapshot, RowColumns rows, RowColumns scratch)
{
    /// <summary>The rows so far.</summary>
    public RowColumns Rows => rows;

    public void Clear() => RowCopy.Prepare(rows, slots, snapshot.Stored);

    /// <summary>Adds the newest rows of series, of those that have one. There is room for <see cref="RowColumns.Capacity"/>.</summary>
    public void Add(ReadOnlySpan<int> series) => LatestRow.Add(snapshot, series, slots, scratch, rows);
}
