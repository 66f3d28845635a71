using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Tables;
using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series;

/// <summary>The points of a batch that are not newer than their series' newest: decided together, by one look into each table. Under the store's lock.</summary>
/// <remarks>
/// Timestream's rules: the same value with the same or a lower version is absorbed; a higher version replaces; anything else is refused. A multi-measure
/// record that replaces keeps the measures it does not name.
/// </remarks>
internal sealed class LatePoints(SeriesDatabase database)
{
    private readonly List<Late> _late = [];

    public bool Any => _late.Count > 0;

    public void Clear() => _late.Clear();

    public void Add(SeriesTable table, PointBatch points, in PointHead point, int code, ReadOnlySpan<long> bits)
    {
        var row = new RowValues();
        var values = points.FieldsOf(point)[point.Dimensions..];
        for (var i = 0; i < values.Length; i++)
        {
            var type = point.MultiMeasure ? table.Measures[values[i].Column].Type!.Value : table.Series[code].Kind;
            var slot = point.MultiMeasure ? table.MeasureSlot(values[i].Column) : table.SingleSlot(type);
            row.Set(slot, type == MeasureType.Varchar ? points.Text(values[i].TextAt, values[i].TextLength).ToArray() : null, bits[i]);
        }

        _late.Add(new Late(table, point.Index, code, point.TimeNs, point.Version, row));
    }

    public void Decide(Outcomes outcomes, Func<SeriesTable, HotRows> hotOf)
    {
        foreach (var group in _late.GroupBy(static late => late.Table))
        {
            var table = group.Key;
            var rows = Find(table, [.. group]);
            foreach (var late in group)
            {
                if (!rows.TryGetValue((late.Code, late.TimeNs), out var row)) rows.Add((late.Code, late.TimeNs), row = new StoredRow());
                Decide(late, row, outcomes);
            }

            var hot = hotOf(table);
            foreach (var ((code, timeNs), row) in rows)
                if (row.Changed) Store(table, hot, code, timeNs, row);
        }

        _late.Clear();
    }

    private static void Decide(Late late, StoredRow row, Outcomes outcomes)
    {
        if (row.Version == 0)
        {
            (row.Version, row.Values, row.Changed) = (late.Version, late.Values, true);
        }
        else if (late.Version > row.Version)
        {
            (row.Version, row.Changed) = (late.Version, true);
            row.Values = row.Values.With(late.Values);
        }
        else if (row.Values.Holds(late.Values))
        {
            outcomes.Absorbed(late.Index);
        }
        else if (late.Version == row.Version)
        {
            outcomes.Refuse(
                late.Index, Fault.Refused,
                "A record already exists with the same time, dimensions, measure name, and record version. A higher record version must be specified in order to update the measure value. "
                + $"Specifying record version {row.Version + 1} or higher replaces the record.", row.Version);
        }
        else
        {
            outcomes.Refuse(
                late.Index, Fault.Refused,
                $"The record version {late.Version} is lower than the existing version {row.Version}. A higher version is required to update the measure value.", row.Version);
        }
    }

    private static void Store(SeriesTable table, HotRows hot, int code, long timeNs, StoredRow row)
    {
        if (row.StoredVersion > 0 || row.Version != 1) _ = table.VersionSlot;
        if (row.StoredVersion > 0) table.Replaced.Add(code, timeNs, row.StoredVersion, row.Generation, hot.Generation);
        hot.Begin(code, timeNs);
        if (row.Version != 1) hot.Set(table.VersionSlot, row.Version);
        foreach (var (slot, text, bits) in row.Values.All)
        {
            if (text is not null) hot.Set(slot, text);
            else if (table.Stored[slot].Type == MeasureType.Boolean) hot.Set(slot, bits != 0);
            else hot.Set(slot, bits);
        }

        hot.End();
        ref var state = ref table.Series[code];
        if (timeNs == state.NewestNs && row.Values.All.Count == 1) state.LatestBits = row.Values.All[0].Bits;
    }

    // What the table holds for these series and times, as queries see it.
    private Dictionary<(int, long), StoredRow> Find(SeriesTable table, List<Late> points)
    {
        var found = new Dictionary<(int, long), StoredRow>();
        var wanted = points.Select(static point => (point.Code, point.TimeNs)).ToHashSet();
        var (from, to) = (points.Min(static point => point.TimeNs), points.Max(static point => point.TimeNs));
        using var result = database.Find(table, wanted, table.Cold.Where(file => file.ToNs >= from && file.FromNs <= to));
        while (result.Fetch() is { } chunk)
        {
            using (chunk)
            {
                var columns = new Vector[table.Stored.Count + 1];
                for (var i = 0; i < columns.Length; i++) columns[i] = chunk.Vector(i);
                for (var row = 0; row < chunk.Count; row++)
                    found.Add((columns[0].Value<int>(row), columns[1].Value<long>(row)), Read(table, columns, row));
            }
        }

        return found;
    }

    private static StoredRow Read(SeriesTable table, Vector[] columns, int row)
    {
        var stored = new StoredRow { StoredVersion = 1, Generation = columns[^1].Value<int>(row) };
        for (var slot = StoredColumn.First.Length; slot < table.Stored.Count; slot++)
        {
            if (!columns[slot].IsValid(row)) continue;
            if (slot == table.KnownVersionSlot) stored.StoredVersion = columns[slot].Value<long>(row);
            else if (table.Stored[slot].Type == MeasureType.Varchar) stored.Values.Set(slot, columns[slot].Text(row).ToArray(), 0);
            else if (table.Stored[slot].Type == MeasureType.Boolean) stored.Values.Set(slot, null, columns[slot].Value<bool>(row) ? 1 : 0);
            else stored.Values.Set(slot, null, columns[slot].Value<long>(row));
        }

        stored.Version = stored.StoredVersion;
        return stored;
    }

    private sealed record Late(SeriesTable Table, int Index, int Code, long TimeNs, long Version, RowValues Values);

    /// <summary>What is, or will be, at one time of one series.</summary>
    private sealed class StoredRow
    {
        public RowValues Values { get; set; } = new();

        /// <summary>0 where there is nothing yet.</summary>
        public long Version { get; set; }

        /// <summary>The version of the row that is in the table; 0 where there is none.</summary>
        public long StoredVersion { get; set; }

        /// <summary>The generation of that row.</summary>
        public int Generation { get; set; }

        public bool Changed { get; set; }
    }
}
