using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series;

/// <summary>The points of a batch that are not newer than their series' newest: decided together. Under the store's lock.</summary>
/// <remarks>
/// Timestream's rules: the same value with the same or a lower version is absorbed; a higher version replaces; anything else is refused. A multi-measure
/// record that replaces keeps the measures it does not name.
/// </remarks>
internal sealed class LatePoints
{
    private readonly RowColumns _block = new();
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
        if (row.StoredVersion > 0) table.Replaced.Add(new ReplacedRow(code, timeNs, row.StoredVersion, row.Generation, hot.Generation));
        hot.Begin(code, timeNs, late: true);
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
        var left = points.Select(static point => (Series: point.Code, point.TimeNs)).Distinct().Order().ToList();

        // The later generation has the higher version.
        foreach (var hot in (ReadOnlySpan<HotRows?>)[table.Hot, table.Sealed])
        {
            if (hot is null) continue;
            var walk = new HotRows.Walk(hot);
            for (var i = left.Count - 1; i >= 0; i--)
                if (!found.ContainsKey(left[i]) && walk.Find(left[i].Series, left[i].TimeNs) is var row and >= 0)
                    found.Add(left[i], Read(table, hot.ChunkOf(row).Rows, row % RowColumns.Capacity, hot.Generation));
        }

        left.RemoveAll(found.ContainsKey);
        if (left.Count == 0) return found;
        var (from, to) = (left.Min(static place => place.TimeNs), left.Max(static place => place.TimeNs));
        try
        {
            foreach (var file in table.Cold.Files)
                if (file.File.ToNs >= from && file.File.FromNs <= to) Find(table, file.Blocks, left, found);
            return found;
        }
        catch (IOException failed)
        {
            throw new FaultException(Fault.Unavailable, $"the time-series files could not be read: {failed.Message}", failed);
        }
    }

    // Each block is read once, whichever of the places are in it.
    private void Find(SeriesTable table, BlockFile file, List<(int Series, long TimeNs)> places, Dictionary<(int, long), StoredRow> found)
    {
        var read = -1;
        var slots = Enumerable.Range(StoredColumn.First.Length, table.Stored.Count - StoredColumn.First.Length).ToArray();
        foreach (var place in places)
        {
            var (first, end) = file.BlocksOf(place.Series);
            for (var block = first; block < end; block++)
            {
                var entry = file.Blocks[block];
                if (entry.FromNs > place.TimeNs || entry.ToNs < place.TimeNs) continue;
                if (block != read) file.Read(block, slots, _block);
                read = block;
                for (var row = Below(_block, place); row < _block.Count && _block.Series[row] == place.Series && _block.TimeNs[row] == place.TimeNs; row++)
                {
                    var stored = Read(table, _block, row, generation: 0);
                    if (!found.TryGetValue(place, out var other) || other.StoredVersion < stored.StoredVersion) found[place] = stored;
                }
            }
        }
    }

    /// <summary>The first row that is not before a place.</summary>
    private static int Below(RowColumns rows, (int Series, long TimeNs) place)
    {
        int first = 0, end = rows.Count;
        while (first < end)
        {
            var middle = (first + end) / 2;
            if ((rows.Series[middle], rows.TimeNs[middle]).CompareTo(place) < 0) first = middle + 1;
            else end = middle;
        }

        return first;
    }

    private static StoredRow Read(SeriesTable table, RowColumns rows, int row, int generation)
    {
        var stored = new StoredRow { StoredVersion = 1, Generation = generation };
        for (var slot = StoredColumn.First.Length; slot < rows.Columns.Length; slot++)
        {
            if (rows.Columns[slot] is not { } column || !column.IsValid(row)) continue;
            if (slot == table.KnownVersionSlot) stored.StoredVersion = column.Bits[row];
            else if (column.Type == MeasureType.Varchar) stored.Values.Set(slot, column.Text(row).ToArray(), 0);
            else stored.Values.Set(slot, null, column.Bits[row]);
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
