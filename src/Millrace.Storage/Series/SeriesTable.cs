using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series;

/// <summary>A table: its names, its series, and where its rows are. What is not about names is under the store's lock.</summary>
internal sealed class SeriesTable : ISeriesTable
{
    private readonly TableColumns _columns;
    private readonly Dictionary<int, ValueIndex> _values = [];
    private volatile StoredColumn[] _stored = StoredColumn.First;
    private readonly int[] _singleSlots = [-1, -1, -1, -1];
    private (int Dimensions, int Stored) _viewOf = (-1, -1);
    private int _versionSlot = -1;

    public SeriesTable(TableName name, int id)
    {
        Name = name;
        Id = id;
        _columns = new TableColumns(name.ToString());
    }

    public TableName Name { get; }

    /// <summary>Stands for the name in DuckDB's tables and in files; never given to another table.</summary>
    public int Id { get; }

    public TableOptions Options { get; set; } = new();

    public SeriesIndex Series { get; } = new();

    /// <summary>They only ever become more; an array that was seen does not change.</summary>
    public IReadOnlyList<StoredColumn> Stored => _stored;

    public string[] Dimensions => _columns.Dimensions;

    public MeasureColumn[] Measures => _columns.Measures;

    /// <summary>The rows written since the last seal; null where there are none.</summary>
    public HotRows? Hot { get; set; }

    /// <summary>The rows that are being moved to files.</summary>
    public HotRows? Sealed { get; set; }

    /// <summary>The rows in files. A change puts another set here.</summary>
    public ColdSet Cold { get; set; } = new([]);

    /// <summary>Series that are in a names file.</summary>
    public int MovedSeries { get; set; }

    /// <summary>Rows that a higher version replaced, and that are still in a file or in memory.</summary>
    public ReplacedRows Replaced { get; } = new();

    /// <summary>It was deleted: who still holds it must ask for the table of its name again.</summary>
    public bool IsDeleted { get; set; }

    /// <summary>Points that were too far ahead and got the time of their arrival, since the store was opened.</summary>
    public long TimesCorrected { get; set; }

    /// <summary>Queries do not see all columns until the view is made anew.</summary>
    public bool ViewStale => _viewOf != (Dimensions.Length, _stored.Length);

    /// <summary>The view has all columns of now.</summary>
    public void ViewIsMade() => _viewOf = (Dimensions.Length, _stored.Length);

    /// <summary>The table as it is now. The caller disposes it.</summary>
    public TableSnapshot Snapshot() => new(this);

    /// <summary>The values of a dimension, or of the measure name (<see cref="ValueIndex.MeasureName"/>), and which series has which. Any thread may ask.</summary>
    public ValueIndex Values(int column)
    {
        lock (_values)
        {
            if (!_values.TryGetValue(column, out var values)) _values.Add(column, values = new ValueIndex(Series, column));
            return values;
        }
    }

    public int DimensionColumn(string name) => _columns.Dimension(name);

    public int MeasureColumn(ReadOnlySpan<byte> name) => _columns.Measure(name);

    public MeasureType? TypeOf(int column) =>
        column < 0 ? null : Measures[column] is var measure && measure.Type is { } type ? type
        : Options.Measures.TryGetValue(measure.Name, out var declared) ? declared : null;

    public string? RefusalOf(int column) => _columns.RefusalOf(column);

    public int VersionSlot => _versionSlot >= 0 ? _versionSlot : _versionSlot = AddStored(new StoredColumn(StoredColumn.Version, MeasureType.Bigint));

    /// <summary>-1 while every row has version 1, and no column says so.</summary>
    public int KnownVersionSlot => _versionSlot;

    /// <summary>-1 while no record of this type came.</summary>
    public int KnownSingleSlot(MeasureType type) => _singleSlots[(int)type];

    public int SingleSlot(MeasureType type) => _singleSlots[(int)type] is var slot and >= 0
        ? slot
        : _singleSlots[(int)type] = AddStored(new StoredColumn(SeriesLimits.NameOf(type).ToLowerInvariant(), type));

    public int MeasureSlot(int column)
    {
        var measure = Measures[column];
        return measure.Slot >= 0 ? measure.Slot : measure.Slot = AddStored(new StoredColumn($"m{column}", measure.Type!.Value));
    }

    /// <summary>Takes up the stored columns of the files again, in their order.</summary>
    public void Restore(IEnumerable<StoredColumn> stored)
    {
        foreach (var column in stored.Skip(StoredColumn.First.Length))
        {
            if (column.Name == StoredColumn.Version) _ = VersionSlot;
            else if (column.Name[0] == 'm') _ = MeasureSlot(int.Parse(column.Name.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture));
            else _ = SingleSlot(column.Type);
        }
    }

    private int AddStored(StoredColumn column)
    {
        _stored = [.. _stored, column];
        return _stored.Length - 1;
    }
}
