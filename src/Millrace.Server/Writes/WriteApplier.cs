using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series;

namespace Millrace.Server.Writes;

/// <summary>Writes what an entry of the log of writes says into its table. Not for two threads at once.</summary>
internal sealed class WriteApplier(SeriesStore store, string flow)
{
    /// <summary>As much as stays in the processor's cache, and for as long others may wait for the store.</summary>
    private const int RecordsAtOnce = 512;

    private const int MostShapes = 64;

    /// <summary>Lines of a CSV that are named; of JSON, all records are, as Timestream does.</summary>
    private const int MostLines = 100;

    private readonly PointBatch _points = new();
    private readonly Outcomes _outcomes = new();
    private readonly List<RejectedRecord> _rejected = [];
    private readonly Dictionary<string, CsvPoints> _shapes = new(StringComparer.Ordinal);
    private readonly HashSet<int> _refusedNow = [];
    private WriteResult _result = new();
    private int _mostNamed;

    /// <exception cref="FaultException">Unavailable: the store takes nothing now. Applied again, what it took already is absorbed.</exception>
    public WriteResult Apply(in Record entry)
    {
        _result = new WriteResult();
        _rejected.Clear();
        try
        {
            if (entry.Topic.SequenceEqual(WriteEntry.Csv)) ApplyCsv(entry);
            else ApplyJson(entry);
        }
        catch (Exception refused) when (refused is FaultException { Fault: Fault.Refused } or JsonException)
        {
            return _result with { Refused = refused.Message };
        }

        return _result with { First = [.. _rejected] };
    }

    private void ApplyCsv(in Record entry)
    {
        _mostNamed = MostLines;
        var text = WriteEntry.LinesOf(entry.Payload);
        var csv = ShapeOf(WriteEntry.ShapeOf(entry.Payload));
        var table = store.Table(csv.Table);
        for (var line = 0; !text.IsEmpty;)
        {
            _points.Clear();
            text = text[csv.Read(text, ref line, RecordsAtOnce, table, entry.ArrivalNs, _points, Reject)..];
            Write(csv.Table, entry.ArrivalNs);
            _result = _result with { Lines = line };
        }
    }

    private void ApplyJson(in Record entry)
    {
        _mostNamed = WriteRecords.MaxRecords;
        var reader = new Utf8JsonReader(entry.Payload);
        using var body = JsonDocument.ParseValue(ref reader);
        var name = WriteRecords.Check(body.RootElement);
        _points.Clear();
        WriteRecords.Read(body.RootElement, store.Table(name), entry.ArrivalNs, _points, Reject);
        Write(name, entry.ArrivalNs);
    }

    private void Write(TableName name, long arrivalNs)
    {
        if (_points.Count == 0) return;
        _outcomes.Clear();
        store.Write(flow, _points, _outcomes);
        foreach (var refusal in _outcomes.Refusals) Reject(refusal.Index, refusal.Reason, refusal.ExistingVersion);
        _result = _result with
        {
            Stored = _result.Stored + _points.Count - _outcomes.Refusals.Count,
            Magnetic = _result.Magnetic + Older(arrivalNs - (store.OptionsOf(name)?.MemoryRetention.Ticks * 100 ?? 0)),
            Absorbed = _result.Absorbed + _outcomes.AbsorbedRecords.Count,
            TimesCorrected = _result.TimesCorrected + _outcomes.TimesCorrected,
        };
    }

    private long Older(long memoryNs)
    {
        _refusedNow.Clear();
        foreach (var refusal in _outcomes.Refusals) _refusedNow.Add(refusal.Index);
        var older = 0L;
        foreach (ref readonly var point in _points.Points)
            if (point.TimeNs < memoryNs && (_refusedNow.Count == 0 || !_refusedNow.Contains(point.Index))) older++;
        return older;
    }

    private void Reject(int index, string reason) => Reject(index, reason, null);

    private void Reject(int index, string reason, long? existingVersion)
    {
        _result = _result with { Rejected = _result.Rejected + 1 };
        if (_rejected.Count < _mostNamed) _rejected.Add(new RejectedRecord(index, reason, existingVersion));
    }

    private CsvPoints ShapeOf(ReadOnlySpan<byte> shape)
    {
        var key = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(shape));
        if (_shapes.TryGetValue(key, out var known)) return known;
        if (_shapes.Count >= MostShapes) _shapes.Clear();
        return _shapes[key] = new CsvPoints(CsvShape.Of(shape));
    }
}
