using Millrace.Storage.Series.Query.Buckets;
using Millrace.Storage.Series.Query.Planning;

namespace Millrace.Storage.Series.Query.Direct;

/// <summary>A statement that is answered without DuckDB: columns of one table's rows, by conditions that the store knows to look up.</summary>
internal sealed class Lookup
{
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
}
