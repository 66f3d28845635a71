using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Cold;

internal static class RowVersion
{
    /// <param name="rows">Some rows.</param>
    /// <param name="row">One of them.</param>
    /// <param name="slot">The column of versions; -1 where there is none.</param>
    /// <returns>1 where no other was stored.</returns>
    public static long Of(RowColumns rows, int row, int slot) =>
        slot >= 0 && slot < rows.Columns.Length && rows.Columns[slot] is { } versions && versions.IsValid(row) ? versions.Bits[row] : 1;
}
