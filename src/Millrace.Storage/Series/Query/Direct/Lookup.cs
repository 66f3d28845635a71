using Millrace.Storage.Series.Query.Buckets;
using Millrace.Storage.Series.Query.Planning;

namespace Millrace.Storage.Series.Query.Direct;

/// <summary>A statement that is answered without DuckDB: columns of one table's rows, by conditions that the store knows to look up.</summary>
internal sealed class Lookup
{
    /// <summary>As it was named.</summary>
    public required string Database { get; init; }

    /// <summary>As it was named: what <see cref="Latest"/> says is in it.</summary>
    public required string Table { get; init; }

    public required TableShape Shape { get; init; }

    /// <summary>Only the newest row of each series; the other conditions are on these rows.</summary>
    public required bool Latest { get; init; }

    /// <summary>Of the answer, in order.</summary>
    public required IReadOnlyList<ShapeColumn> Columns { get; init; }

    public TimeRange Times { get; set; } = TimeRange.All;

    public List<SeriesPredicate> Series { get; } = [];

    public List<MeasureTest> Tests { get; } = [];

    public List<ScaledTest> ScaledTests { get; } = [];

    /// <summary>By what the rows are ordered, the first first: time, dimensions and the measure name.</summary>
    public List<(ShapeColumn Column, bool Descending)> Order { get; } = [];

    public long Limit { get; set; } = long.MaxValue;

    /// <summary>The stored columns that must be read. Not before it is whole.</summary>
    public int[] Slots => field ??=
    [
        .. Columns.Where(static column => column.Role == ColumnRole.Measure).Select(static column => column.At)
            .Concat(Tests.Select(static test => test.Slot)).Concat(ScaledTests.Select(static test => test.Slot)).Distinct(),
    ];
}
