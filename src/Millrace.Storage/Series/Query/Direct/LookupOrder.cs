using Millrace.Storage.Series.Query.Planning;
using Millrace.Storage.Series.Rows;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Direct;

/// <summary>The order of an answer's rows: texts by their bytes, null last, as DuckDB has it.</summary>
internal sealed class LookupOrder(IReadOnlyList<(ShapeColumn Column, bool Descending)> order, TableSnapshot snapshot) : IComparer<(RowColumns Page, int Row)>
{
    public int Compare((RowColumns Page, int Row) x, (RowColumns Page, int Row) y)
    {
        foreach (var (column, descending) in order)
        {
            var compared = column.Role == ColumnRole.Time
                ? x.Page.TimeNs[x.Row].CompareTo(y.Page.TimeNs[y.Row]) * (descending ? -1 : 1)
                : Compare(column, descending, x.Page.Series[x.Row], y.Page.Series[y.Row]);
            if (compared != 0) return compared;
        }

        return 0;
    }

    private int Compare(ShapeColumn column, bool descending, int x, int y)
    {
        if (x == y) return 0;
        var values = snapshot.Table.Values(column.At);
        var valueOf = values.Of(snapshot.SeriesCount);
        var (a, b) = (valueOf[x], valueOf[y]);
        if (a == b) return 0;
        if (a < 0 || b < 0) return a < 0 ? 1 : -1;
        return values[a].SequenceCompareTo(values[b]) * (descending ? -1 : 1);
    }
}
