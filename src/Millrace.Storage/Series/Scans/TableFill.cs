using Millrace.Contracts.Tables;
using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Scans;

/// <summary>Fills DuckDB's chunks with rows of a table, for one thread.</summary>
internal sealed class TableFill(TableColumn[] columns, int seriesCount) : IDisposable
{
    private readonly SeriesTexts?[] _texts = Array.ConvertAll(columns, column => column.Values is { } values ? new SeriesTexts(values, seriesCount) : null);

    /// <summary>All columns of the first so many rows.</summary>
    public void Fill(in OutputChunk into, RowColumns rows, int count)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            switch (columns[i].Kind)
            {
                case TableColumnKind.OfSeries:
                    _texts[i]!.Fill(into[i], rows.Series.AsSpan(0, count));
                    break;
                case TableColumnKind.Time:
                    into[i].Fill(rows.TimeNs.AsSpan(0, count), []);
                    break;
                case TableColumnKind.Stored:
                    var (stored, slot) = (rows.Columns, columns[i].Number);
                    Fill(into[i], slot < stored.Length ? stored[slot] : null, count);
                    break;
                default:
                    break;
            }
        }
    }

    public void Dispose()
    {
        foreach (var texts in _texts) texts?.Dispose();
    }

    private static void Fill(OutputVector into, RowColumn? column, int count)
    {
        if (column is null) into.FillNull(count);
        else if (column.Type == MeasureType.Varchar) FillTexts(into, column, count);
        else if (column.Type == MeasureType.Boolean) into.FillBooleans(column.Bits.AsSpan(0, count), column.Valid);
        else into.Fill(column.Bits.AsSpan(0, count), column.Valid);
    }

    private static void FillTexts(OutputVector into, RowColumn column, int count)
    {
        var texts = into.Texts(column.Valid, count);
        var last = -1;
        for (var row = 0; row < count; row++)
        {
            if (!column.IsValid(row)) continue;

            // Rows next to each other often share the place of their text.
            if (last >= 0 && column.Bits[last] == column.Bits[row]) texts.Repeat(row, last);
            else texts.Set(row, column.Text(row));
            last = row;
        }
    }
}
