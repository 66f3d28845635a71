using System.Buffers;
using System.Text;
using System.Text.Json;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Query.Planning;
using Millrace.Storage.Series.Rows;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Direct;

/// <summary>Rows that a look-up found, in its buffers.</summary>
internal sealed class LookupRows : AnswerRows
{
    private readonly (RowColumns Page, int Row)[] _rows;
    private readonly Column[] _columns;
    private LookupBuffers? _buffers;

    /// <param name="columns">Of the answer.</param>
    /// <param name="rows">In their order.</param>
    /// <param name="snapshot">Where they are from; it may be disposed before this.</param>
    /// <param name="buffers">Where they are; given back when this is disposed.</param>
    public LookupRows(IReadOnlyList<ShapeColumn> columns, (RowColumns Page, int Row)[] rows, TableSnapshot snapshot, LookupBuffers buffers)
    {
        (_rows, _buffers) = (rows, buffers);
        _columns = new Column[columns.Count];
        for (var i = 0; i < _columns.Length; i++)
        {
            var values = columns[i].IsOfSeries ? snapshot.Table.Values(columns[i].At) : null;
            _columns[i] = new Column(columns[i], values, values?.Of(snapshot.SeriesCount) ?? []);
        }
    }

    public override int Count => _rows.Length;

    /// <summary>About the bytes that they take in memory, as <see cref="QueryFetch.Bytes"/> counts.</summary>
    public long Bytes()
    {
        var bytes = 16L * _columns.Length * _rows.Length;
        foreach (var column in _columns.Where(static column => column.IsText))
            foreach (var (page, row) in _rows)
                if (column.Has(page, row)) bytes += column.Text(page, row).Length;
        return bytes;
    }

    public override object? Read(int row, int column)
    {
        var (page, at) = _rows[row];
        var of = _columns[column];
        if (!of.Has(page, at)) return null;
        if (of.IsText) return Encoding.UTF8.GetString(of.Text(page, at));
        return of.Shape.Type switch
        {
            MeasureType.Double => BitConverter.Int64BitsToDouble(of.Bits(page, at)),
            MeasureType.Boolean => of.Bits(page, at) != 0,
            MeasureType.Bigint => of.Bits(page, at),
            _ => QueryValue.TimeOf(of.Bits(page, at)),
        };
    }

    public override void WriteJson(Utf8JsonWriter json, int row, int column)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        var cells = new JsonCells(buffer);
        Write(ref cells, _columns[column], row);
        cells.Dispose();
        json.WriteRawValue(buffer.WrittenSpan, skipInputValidation: true);
    }

    public override bool TryWriteRows(IBufferWriter<byte> output)
    {
        var cells = new JsonCells(output);
        for (var row = 0; row < _rows.Length; row++)
        {
            cells.Symbols(row == 0 ? "["u8 : ",["u8);
            for (var i = 0; i < _columns.Length; i++)
            {
                if (i > 0) cells.Symbols(","u8);
                Write(ref cells, _columns[i], row);
            }

            cells.Symbols("]"u8);
        }

        cells.Dispose();
        return true;
    }

    public override void Dispose()
    {
        if (_buffers is not null) LookupBuffers.Return(_buffers);
        _buffers = null;
    }

    private void Write(ref JsonCells cells, in Column column, int row)
    {
        var (page, at) = _rows[row];
        if (!column.Has(page, at)) cells.Symbols("null"u8);
        else if (column.IsText) cells.Text(column.Text(page, at));
        else cells.Value(column.Shape.Type, column.Bits(page, at));
    }

    /// <param name="Shape">Of the table.</param>
    /// <param name="Values">Of a dimension or the measure name; null for others.</param>
    /// <param name="ValueOf">The number of its value by series.</param>
    private readonly record struct Column(ShapeColumn Shape, ValueIndex? Values, int[] ValueOf)
    {
        public bool IsText => Values is not null || Shape.Type == MeasureType.Varchar;

        public bool Has(RowColumns page, int row) =>
            Values is not null ? ValueOf[page.Series[row]] >= 0
            : Shape.Role == ColumnRole.Time || (Shape.Role == ColumnRole.Measure && page.Columns[Shape.At] is { } stored && stored.IsValid(row));

        public ReadOnlySpan<byte> Text(RowColumns page, int row) => Values is not null ? Values[ValueOf[page.Series[row]]] : page.Columns[Shape.At]!.Text(row);

        public long Bits(RowColumns page, int row) => Shape.Role == ColumnRole.Time ? page.TimeNs[row] : page.Columns[Shape.At]!.Bits[row];
    }
}
