namespace Millrace.Benchmarks.Series.Data;

/// <summary>What happens to rows on their way, as the suite has it: some are lost, some lack a value or a tag, some come late, alone or ten together.</summary>
internal sealed class RowFaults(DataRandom random, TagSets tagSets, Action<TruckTable, TruckRow> arrive)
{
    private const int GroupRows = 10;

    private readonly List<(TruckTable Table, TruckRow Row)> _late = [];
    private readonly List<(TruckTable Table, TruckRow Row)[]> _lateGroups = [];
    private readonly List<(TruckTable Table, TruckRow Row)> _group = new(GroupRows);

    // Two rows of one table, tag set and time would be one row for those who keep one for each series and time.
    private readonly HashSet<int> _namelessNow = [];

    /// <summary>Rows that come now have another time or table than those before.</summary>
    public void NextTick() => _namelessNow.Clear();

    public void Take(TruckTable table, int truck, TruckRow row)
    {
        if (random.Chance(0.1)) return;
        row.NullColumn = random.Chance(0.1) ? random.Below(table.Columns.Length) : -1;
        var missing = random.Chance(0.01) ? random.Below(TagSets.Names.Count) : -1;
        if (missing == TagSets.NameTag && !_namelessNow.Add(tagSets.Of(truck, missing))) missing = -1;
        row.TagSet = tagSets.Of(truck, missing);

        if (random.Chance(0.3)) _late.Add((table, row));
        else Send(table, row);
        if (_late.Count > 0 && random.Chance(0.5))
        {
            var (lateTable, lateRow) = Pick(_late);
            Send(lateTable, lateRow);
        }
    }

    /// <summary>Nothing more comes: what is late arrives now.</summary>
    public void Finish()
    {
        foreach (var (table, row) in _late) Send(table, row);
        Arrive([.. _group]);
        foreach (var group in _lateGroups) Arrive(group);
    }

    private void Send(TruckTable table, TruckRow row)
    {
        _group.Add((table, row));
        if (_group.Count < GroupRows) return;
        if (!random.Chance(0.01))
        {
            if (random.Chance(0.05)) _lateGroups.Add([.. _group]);
            else Arrive(_group);
        }

        _group.Clear();
        if (_lateGroups.Count > 0 && random.Chance(0.5)) Arrive(Pick(_lateGroups));
    }

    private void Arrive(IReadOnlyList<(TruckTable Table, TruckRow Row)> group)
    {
        foreach (var (table, row) in group) arrive(table, row);
    }

    private T Pick<T>(List<T> some)
    {
        var at = random.Below(some.Count);
        var picked = some[at];
        some[at] = some[^1];
        some.RemoveAt(some.Count - 1);
        return picked;
    }
}
