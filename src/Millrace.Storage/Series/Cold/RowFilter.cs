using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Cold;

/// <summary>Which of the rows that are written anew stay: those that nothing replaced, and that are young enough.</summary>
/// <remarks>It is asked about rows in their order, once each.</remarks>
/// <param name="replaced">In order.</param>
/// <param name="versionSlot">The column of versions; -1 where all are 1.</param>
/// <param name="keptFromNs">Older rows go.</param>
internal sealed class RowFilter(IReadOnlyList<RowKey> replaced, int versionSlot, long keptFromNs)
{
    private int _next;

    /// <summary>The rows that were replaced and did not stay: nothing needs to name them any more.</summary>
    public List<RowKey> Dropped { get; } = [];

    public bool Stays(RowColumns rows, int row)
    {
        if (_next < replaced.Count && IsReplaced(new RowKey(rows.Series[row], rows.TimeNs[row], RowVersion.Of(rows, row, versionSlot)))) return false;
        return rows.TimeNs[row] >= keptFromNs;
    }

    private bool IsReplaced(RowKey row)
    {
        while (_next < replaced.Count && replaced[_next].CompareTo(row) < 0) _next++;
        if (_next == replaced.Count || replaced[_next] != row) return false;
        Dropped.Add(row);
        return true;
    }
}
