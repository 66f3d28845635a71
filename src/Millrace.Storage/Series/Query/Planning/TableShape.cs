using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>The columns of one table as queries see them at one moment.</summary>
internal sealed class TableShape
{
    private static readonly MeasureType[] Kinds = [MeasureType.Double, MeasureType.Bigint, MeasureType.Varchar, MeasureType.Boolean];

    private readonly Dictionary<string, ShapeColumn> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="table">Columns that come while this is made may be left out.</param>
    public TableShape(SeriesTable table)
    {
        // In this order: a slot that is known is of a stored column that is there.
        Table = table;
        StoredCount = table.Stored.Count;
        Dimensions = table.Dimensions;
        var columns = new List<ShapeColumn>();
        for (var i = 0; i < Dimensions.Length; i++) columns.Add(new(Dimensions[i], ColumnRole.Dimension, i, MeasureType.Varchar));
        columns.Add(new("measure_name", ColumnRole.MeasureName, -1, MeasureType.Varchar));
        columns.Add(new("time", ColumnRole.Time, -1, MeasureType.Timestamp));
        foreach (var kind in Kinds)
        {
            var slot = table.KnownSingleSlot(kind);
            columns.Add(new($"measure_value::{SeriesLimits.NameOf(kind).ToLowerInvariant()}", slot < 0 || slot >= StoredCount ? ColumnRole.Nothing : ColumnRole.Measure, slot, kind));
        }

        foreach (var measure in table.Measures)
            if (measure.Slot >= 0 && measure.Slot < StoredCount) columns.Add(new(measure.Name, ColumnRole.Measure, measure.Slot, measure.Type!.Value));
        Columns = columns;
        foreach (var column in columns) _byName.TryAdd(column.Name, column);
    }

    public SeriesTable Table { get; }

    /// <summary>In the order in which SELECT * shows them.</summary>
    public IReadOnlyList<ShapeColumn> Columns { get; }

    public string[] Dimensions { get; }

    /// <summary>Stored columns there were.</summary>
    public int StoredCount { get; }

    /// <summary>Whether the table still has these columns.</summary>
    public bool IsOf(SeriesTable table) => table.Dimensions.Length == Dimensions.Length && table.Stored.Count == StoredCount;

    public ShapeColumn? Find(string name) => _byName.GetValueOrDefault(name);
}
