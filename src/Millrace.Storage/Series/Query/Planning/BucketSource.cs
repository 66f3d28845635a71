using Millrace.Contracts.Tables;
using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Query.Buckets;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Buckets of a table's rows, for DuckDB to put together.</summary>
internal sealed class BucketSource : IRowSource
{
    private readonly ScanScope _scope;
    private readonly TableSnapshot _snapshot;
    private readonly ScanRange _range;
    private readonly BucketPlan _plan;
    private readonly BucketCells? _cells;
    private readonly List<(string Name, ColumnType Type, BucketField Field)> _columns = [];

    /// <param name="scope">Of the statement.</param>
    /// <param name="shape">Of the table; not newer than the snapshot.</param>
    /// <param name="snapshot">The scope's.</param>
    /// <param name="range">Exactly the rows that count.</param>
    /// <param name="plan">What is gathered.</param>
    /// <param name="cells">Of which each is to come once; null where it does not matter.</param>
    public BucketSource(ScanScope scope, TableShape shape, TableSnapshot snapshot, ScanRange range, BucketPlan plan, BucketCells? cells)
    {
        (_scope, _snapshot, _range, _plan, _cells) = (scope, snapshot, range, plan, cells);
        foreach (var column in shape.Columns)
        {
            if (column.IsOfSeries) Add(column.Name, ColumnType.Varchar, BucketFieldKind.OfSeries, column.At);
            else if (column.Role == ColumnRole.Time) Add(column.Name, ColumnType.TimestampNs, BucketFieldKind.Time, 0);
        }

        if (cells is not null) Add(BucketColumns.Tuple, ColumnType.Integer, BucketFieldKind.Tuple, 0);
        if (cells is not null && plan.Spec.WidthNs > 0) Add(BucketColumns.Step, ColumnType.Timestamp, BucketFieldKind.Step, 0);
        foreach (var column in plan.Tested.Distinct()) Add(column.Name, NarrowedRows.TypeOf(column), BucketFieldKind.Tested, TestOf(column));
        Add(BucketColumns.Rows, ColumnType.BigInt, BucketFieldKind.Rows, 0);
        Add(BucketColumns.Earliest, ColumnType.TimestampNs, BucketFieldKind.Earliest, 0);
        Add(BucketColumns.Latest, ColumnType.TimestampNs, BucketFieldKind.Latest, 0);
        for (var i = 0; i < plan.Spec.Measures.Count; i++) Add(plan.Spec.Measures[i], i);
    }

    public IReadOnlyList<(string Name, ColumnType Type)> Columns => [.. _columns.Select(static column => (column.Name, column.Type))];

    public long? Rows => null;

    public IRowScan Open(int[] columns)
    {
        var scan = new SeriesScan(_snapshot, _range, _plan.Spec.Slots) { ReadsTimes = _plan.Spec.ReadsTimes, InRuns = true };
        _scope.Add(scan);
        return new BucketScan(scan, _plan.Spec, Array.ConvertAll(columns, number => number < _columns.Count ? _columns[number].Field : default), _cells is null ? null : new BucketGroups(_plan.Spec, _cells), _cells);
    }

    private void Add(BucketMeasure measure, int at)
    {
        var slot = measure.Slot;
        var type = new StoredColumn("", measure.Type).ChunkType;
        Add(BucketColumns.Count(slot), ColumnType.BigInt, BucketFieldKind.Count, at);
        if (measure.Sum && measure.Type == MeasureType.Double) Add(BucketColumns.Sum(slot), ColumnType.Double, BucketFieldKind.DoubleSum, at);
        else if (measure.Sum) Add(BucketColumns.Sum(slot), ColumnType.HugeInt, BucketFieldKind.WholeSum, at);
        if (measure.Range)
        {
            Add(BucketColumns.Least(slot), type, BucketFieldKind.Least, at);
            Add(BucketColumns.Most(slot), type, BucketFieldKind.Most, at);
        }

        if (!measure.Ends) return;
        Add(BucketColumns.First(slot), type, BucketFieldKind.First, at);
        Add(BucketColumns.FirstTime(slot), ColumnType.TimestampNs, BucketFieldKind.FirstTime, at);
        Add(BucketColumns.Last(slot), type, BucketFieldKind.Last, at);
        Add(BucketColumns.LastTime(slot), ColumnType.TimestampNs, BucketFieldKind.LastTime, at);
    }

    // Where one of several tests of a column asks for null, null is what passes.
    private int TestOf(ShapeColumn column)
    {
        var tests = Enumerable.Range(0, _plan.Tested.Count).Where(i => _plan.Tested[i] == column).ToList();
        return tests.OrderByDescending(i => _plan.Spec.Tests[i].How == Comparison.Null).First();
    }

    private void Add(string name, ColumnType type, BucketFieldKind kind, int at) => _columns.Add((
        name, type, new BucketField(kind, at, type == ColumnType.Boolean, kind == BucketFieldKind.OfSeries ? _snapshot.Table.Values(at) : null)));
}
