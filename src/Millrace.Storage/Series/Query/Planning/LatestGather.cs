using Millrace.Storage.Series.Rows;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Puts the newest rows of some series one after the other. For one thread.</summary>
internal sealed class LatestGather(int[] slots, TableSnapshot snapshot)
{
    private readonly RowColumns _scratch = new();

    /// <summary>The rows so far.</summary>
    public RowColumns Rows { get; } = new();

    public void Clear() => RowCopy.Prepare(Rows, slots, snapshot.Stored);

    /// <summary>Adds the newest row of a series, where it has one. There is room for <see cref="RowColumns.Capacity"/>.</summary>
    public void Add(int series) => snapshot.TryLatest(series, slots, _scratch, Rows);
}
