using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Objects;
using Millrace.Contracts.Tables;
using Millrace.Storage.Files;
using Millrace.Storage.Series;
using Millrace.Storage.Series.Cold;
using Millrace.Storage.Series.Remote;
using Millrace.Storage.Series.Scans;

namespace Millrace.Tests.Storage.Series;

/// <summary>The store without its query engine and without threads, so that all it does can be stopped at every step of a simulated disk.</summary>
internal sealed class ColdRig
{
    public const string Flow = "flow/0";

    private readonly object _gate = new();
    private readonly TimeProvider _clock;
    private readonly PointWriter _writer;
    private readonly PointBatch _points = new();
    private readonly FlowPositions _flows;
    private readonly SeriesMover _mover;
    private readonly SeriesTables _tables;
    private readonly ColdStore _cold;
    private HotTotals _totals = new();
    private SealedRows? _sealed;
    private int _generation;

    public ColdRig(IDisk disk, TimeProvider clock, TimeSpan retention, IObjectBucket? bucket = null, long? diskLimit = null)
    {
        _clock = clock;
        var files = new SeriesFiles(disk, "/nowhere");
        Remote = bucket is null ? null : new RemoteTier(bucket, files);
        _cold = new ColdStore(files, Remote, diskLimit, TimeSpan.FromSeconds(30));
        var opening = new SeriesOpening(files, new SeriesOptions(), new SeriesServices(), Remote);
        var manifest = opening.Find();
        _tables = opening.Load(manifest, _cold);
        _flows = new FlowPositions(manifest.Flows);
        _mover = new SeriesMover(_gate, files, _tables, _flows, _cold, manifest, Remote);
        _writer = new PointWriter(new SeriesOptions(), clock, new LatePoints());
        _generation = manifest.Generation + 1;
        Table = _tables.Get(new TableName("fleet", "telemetry"));
        Table.Options = new TableOptions { Retention = retention };
    }

    public SeriesTable Table { get; }

    public RemoteTier? Remote { get; }

    public Manifest Manifest => _mover.Manifest;

    /// <summary>What is wrong with files.</summary>
    public IReadOnlyList<string> Damages => _mover.Damages;

    public long Offset => _flows.Of(Flow)?.Offset ?? 0;

    /// <summary>Writes points as records of the flow, and says that they were reached.</summary>
    public void Write(IReadOnlyList<Point> points)
    {
        _points.Clear();
        for (var i = 0; i < points.Count; i++)
        {
            _points.Begin(Table, i, Encoding.UTF8.GetBytes(points[i].Measure), false, points[i].TimeNs, points[i].Version);
            foreach (var (name, value) in points[i].Dimensions) _points.Dimension(Table.DimensionColumn(name), Encoding.UTF8.GetBytes(value));
            _points.Measure(PointBatch.SingleMeasure, (double)points[i].Value);
            _points.End();
        }

        var offset = Offset + points.Count;
        _writer.Write(_points, new Outcomes(), table => table.Hot ??= new HotRows(table, _generation, _totals));
        _flows.Reached(Flow, new Checkpoint(offset, new FlowCounts { Examined = offset }));
    }

    /// <summary>A move that failed is gone on with.</summary>
    public void Move()
    {
        _sealed ??= _mover.Seal(_generation++);
        _totals = new HotTotals();
        _mover.Write(_sealed, CancellationToken.None);
        _mover.Finish(_sealed);
        _sealed = null;
    }

    /// <returns>Whether there was something to merge.</returns>
    public bool Merge(Action between)
    {
        var now = _clock.GetUtcNow();
        if (_mover.ToMerge(now) is not var (table, files)) return false;
        _mover.Merge(table, files, now, between);
        _mover.DeleteRetired();
        return true;
    }

    public void Expire()
    {
        var expired = _mover.Expired(_clock.GetUtcNow());
        if (expired.Count == 0) return;
        _mover.Forget(expired.Select(static one => one.File));
        _mover.Drop(expired);
        _mover.DeleteRetired();
    }

    public void Evict()
    {
        _mover.Evict();
        _mover.DeleteRetired();
    }

    /// <summary>What a query sees: the car, the time and the value of each row.</summary>
    public SortedDictionary<(string Car, long TimeNs), double> Rows()
    {
        var seen = new SortedDictionary<(string, long), double>();
        var (value, slots) = (Table.KnownSingleSlot(MeasureType.Double), Enumerable.Range(0, Table.Stored.Count).ToArray());
        using var snapshot = Table.Snapshot(_clock.GetUtcNow());
        var reader = new SeriesScan(snapshot, ScanRange.All, slots).Read();
        while (reader.Next())
        {
            for (var row = 0; row < reader.Count; row++)
            {
                var car = Table.Series.Describe(reader.Rows.Series[row], Table.Dimensions).Dimensions["vin"];
                seen.Add((car, reader.Rows.TimeNs[row]), BitConverter.Int64BitsToDouble(reader.Rows.Columns[value]!.Bits[row]));
            }
        }

        return seen;
    }
}
