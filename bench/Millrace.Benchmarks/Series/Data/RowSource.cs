namespace Millrace.Benchmarks.Series.Data;

/// <summary>All rows of a shape in the order of their arrival, made while they are asked for. To be read once.</summary>
internal sealed class RowSource(DataShape shape, TagSets tagSets)
{
    private readonly bool[] _seen = new bool[tagSets.Count];
    private readonly Queue<RowBatch> _full = new();
    private readonly Dictionary<TruckTable, RowBatch> _open = [];
    private int _batchRows;

    /// <summary>So far.</summary>
    public Dictionary<TruckTable, long> Rows { get; } = TruckTable.All.ToDictionary(static t => t, static _ => 0L);

    /// <summary>Values in the first column of each table: what every engine can count.</summary>
    public Dictionary<TruckTable, long> Firsts { get; } = TruckTable.All.ToDictionary(static t => t, static _ => 0L);

    /// <summary>Values in those rows, nulls not counted: what bytes are divided by.</summary>
    public long Points { get; private set; }

    /// <summary>Tag sets that rows had.</summary>
    public IEnumerable<int> Seen => _seen.Index().Where(static s => s.Item).Select(static s => s.Index);

    public IEnumerable<RowBatch> Batches(int batchRows)
    {
        _batchRows = batchRows;
        var random = new DataRandom(((ulong)shape.Seed << 32) + 1);
        var faults = new RowFaults(random, tagSets, Arrive);
        var trucks = Enumerable.Range(0, shape.Trucks).Select(_ => new Truck(random)).ToArray();
        for (var tick = 0; tick < shape.Ticks; tick++)
        {
            var row = new TruckRow { Seconds = shape.StartSeconds + ((long)tick * shape.IntervalSeconds) };
            faults.NextTick();
            for (var i = 0; i < trucks.Length; i++)
            {
                trucks[i].Read(ref row.Values);
                faults.Take(TruckTable.Readings, i, row);
            }

            faults.NextTick();
            for (var i = 0; i < trucks.Length; i++)
            {
                trucks[i].Diagnose(ref row.Values);
                faults.Take(TruckTable.Diagnostics, i, row);
            }

            while (_full.TryDequeue(out var batch)) yield return batch;
        }

        faults.Finish();
        foreach (var batch in _full) yield return batch;
        foreach (var batch in _open.Values) yield return batch;
    }

    private void Arrive(TruckTable table, TruckRow row)
    {
        if (!_open.TryGetValue(table, out var batch)) _open[table] = batch = new RowBatch(table, _batchRows);
        batch.Add(row);
        _seen[row.TagSet] = true;
        Rows[table]++;
        if (row.NullColumn != 0) Firsts[table]++;
        Points += table.Columns.Length - (row.NullColumn < 0 ? 0 : 1);
        if (!batch.IsFull) return;
        _full.Enqueue(batch);
        _open.Remove(table);
    }
}
