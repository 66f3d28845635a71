using System.Collections.Concurrent;
using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series;

/// <summary>The tables of a store by name. Any thread may ask.</summary>
internal sealed class SeriesTables
{
    private const string Multi = "multi";

    private static readonly string[] Reserved = ["information_schema", "pg_catalog", "system", "temp", "memory", "main"];

    private readonly Lock _adding = new();
    private readonly ConcurrentDictionary<string, SeriesTable> _tables = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<int, SeriesTable> _byId = new();
    private int _lastId;

    /// <summary>Deleted, and still in the manifest. Under the store's lock.</summary>
    public List<SeriesTable> Deleted { get; } = [];

    public ICollection<SeriesTable> All => _tables.Values;

    public int Count => _tables.Count;

    public SeriesTable? Find(TableName name) => _tables.GetValueOrDefault(name.ToString());

    /// <returns>Null where there is none with this <see cref="SeriesTable.Id"/>.</returns>
    public SeriesTable? Find(long id) => id is > 0 and <= int.MaxValue ? _byId.GetValueOrDefault((int)id) : null;

    /// <summary>The table, made if there is none yet.</summary>
    public SeriesTable Get(TableName name)
    {
        if (Find(name) is { } known) return Same(known, name);
        lock (_adding)
        {
            if (Find(name) is { } made) return Same(made, name);
            if (Reserved.Contains(name.Database, StringComparer.OrdinalIgnoreCase))
                throw new FaultException(Fault.Refused, $"table {name}: the query engine keeps the database name '{name.Database}' for itself; take another");
            if (_tables.Count >= SeriesLimits.Tables)
                throw new FaultException(Fault.Refused, $"table {name} would be one more than the {SeriesLimits.Tables} a store may have");
            return Add(name, _lastId + 1);
        }
    }

    /// <summary>Takes a table out, so that one of its name is another one. Under the store's lock.</summary>
    public void Delete(SeriesTable table)
    {
        lock (_adding)
        {
            table.IsDeleted = true;
            _tables.TryRemove(table.Name.ToString(), out _);
            _byId.TryRemove(table.Id, out _);
        }

        Deleted.Add(table);
    }

    /// <summary>Takes up a table from the manifest, without its files.</summary>
    public SeriesTable Restore(ManifestTable known)
    {
        if (!TableName.TryParse(known.Name, out var name)) throw new FaultException(Fault.Corrupt, $"the manifest names a table '{known.Name}'");
        var table = Add(name, known.Id);
        foreach (var dimension in known.Dimensions) table.DimensionColumn(dimension);
        foreach (var measure in known.Measures)
        {
            var column = table.MeasureColumn(Encoding.UTF8.GetBytes(measure.Name));
            table.Measures[column].Type = measure.Type;
        }

        foreach (var (measure, kind) in known.MeasureNames)
            table.Series.AddMeasureName(Encoding.UTF8.GetBytes(measure), kind == Multi ? SeriesIndex.Multi : Enum.Parse<MeasureType>(kind, ignoreCase: true));
        table.Restore(known.Columns);
        return table;
    }

    /// <summary>A table for the manifest, without its files.</summary>
    public static ManifestTable Describe(SeriesTable table) => new()
    {
        Id = table.Id,
        Name = table.Name.ToString(),
        Dimensions = table.Dimensions,
        MeasureNames = table.Series.Measures().ToDictionary(
            static measure => measure.Name,
            static measure => measure.Kind == SeriesIndex.Multi ? Multi : SeriesLimits.NameOf(measure.Kind).ToLowerInvariant(),
            StringComparer.Ordinal),
        Measures = [.. table.Measures.Select(static measure => new ManifestMeasure(measure.Name, measure.Type))],
        Columns = [.. table.Stored],
    };

    private SeriesTable Add(TableName name, int id)
    {
        var table = new SeriesTable(name, id);
        _byId[id] = table;
        _tables[name.ToString()] = table;
        _lastId = Math.Max(_lastId, id);
        return table;
    }

    private static SeriesTable Same(SeriesTable table, TableName name) => table.Name == name
        ? table
        : throw new FaultException(Fault.Refused, $"table {name} and table {table.Name} differ only in upper and lower case; SQL could not tell them apart");
}
