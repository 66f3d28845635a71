using Millrace.Contracts;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;

namespace Millrace.Flows.Windows;

/// <summary>Records that are to go out once each: appended when a snapshot holds them, and looked for in the logs where it is not known whether they were.</summary>
/// <remarks>Not for two threads at once.</remarks>
internal sealed class Outbox
{
    // Longer than a disk takes that works.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly RowMark _mark;
    private readonly ILogPartition[] _logs;
    private readonly IRecordLog? _late;
    private readonly Queue<OutboxEntry> _entries = [];
    private long[] _scanFrom;
    private long _next = 1;
    private long _saved;
    private bool _unsure;

    /// <param name="flow">Its name.</param>
    /// <param name="rows">The flow's own log of rows.</param>
    /// <param name="late">The stream of late messages; null: there is none.</param>
    public Outbox(string flow, ILogPartition rows, IRecordLog? late)
    {
        _mark = new RowMark(flow);
        _late = late;
        _logs = [rows, .. late?.Partitions ?? []];
        _scanFrom = [.. _logs.Select(static log => log.End)];
    }

    public int Count => _entries.Count;

    /// <summary>Memory that the entries take.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether there is something that no snapshot holds.</summary>
    public bool HasUnsaved => _saved < _next - 1;

    public void AddRow(byte[] topic, byte[] key, byte[] payload) => Add(false, topic, key, [], payload, RecordFlags.None);

    /// <summary>A message that came too late, as it was published. Nothing, where there is no stream for it.</summary>
    public void AddLate(in Record message)
    {
        if (_late is null) return;
        Add(true, BasicIngestTopic.WithoutFlow(message.Topic).ToArray(), message.Key.ToArray(), message.Properties, message.Payload.ToArray(), message.Flags);
    }

    /// <summary>Appends what the last snapshot holds, and forgets it.</summary>
    /// <param name="refused">Told the reason where a log will never have a record.</param>
    /// <param name="stop">Ends the wait.</param>
    public async ValueTask DeliverAsync(Action<string> refused, CancellationToken stop)
    {
        if (_entries.Count == 0 || _entries.Peek().Number > _saved) return;
        var there = _unsure ? Scan() : [];
        var batches = new RecordBatch?[_logs.Length];
        foreach (var entry in _entries)
        {
            if (entry.Number > _saved || there.Contains(entry.Number)) continue;
            (batches[entry.IsLate ? 1 + _late!.PartitionFor(entry.Key).Index : 0] ??= new RecordBatch()).Add(entry.Record);
        }

        // What is on its way when the flow is told to stop arrives all the same: ending here would leave open whether it did.
        using var patience = new CancellationTokenSource(Patience);
        _unsure = true;
        try
        {
            for (var i = 0; i < _logs.Length; i++)
                if (batches[i] is { } batch) await _logs[i].AppendAsync(batch, (_, reason) => refused(reason), patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new FaultException(Fault.Unavailable, "the log does not take the rows of windows; they are kept and tried again");
        }
        finally
        {
            foreach (var batch in batches) batch?.Dispose();
        }

        _unsure = false;
        while (_entries.Count > 0 && _entries.Peek().Number <= _saved) Bytes -= _entries.Dequeue().Bytes;
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>For a snapshot, which holds all entries from then on: <see cref="Saved"/> tells when.</summary>
    public void Write(BinaryWriter writer)
    {
        // Entries of an earlier snapshot may stand behind the places that it noted; those of this one can only stand behind the ends of now.
        if (_entries.Count == 0 || _entries.Peek().Number > _saved) _scanFrom = [.. _logs.Select(static log => log.End)];
        writer.Write7BitEncodedInt64(_next);
        writer.Write7BitEncodedInt(_scanFrom.Length);
        foreach (var from in _scanFrom) writer.Write7BitEncodedInt64(from);
        writer.Write7BitEncodedInt(_entries.Count);
        foreach (var entry in _entries) entry.Write(writer);
    }

    public void Saved() => _saved = _next - 1;

    public void Read(BinaryReader reader)
    {
        _next = reader.Read7BitEncodedInt64();
        _saved = _next - 1;
        var scanFrom = new long[reader.Read7BitEncodedInt()];
        for (var i = 0; i < scanFrom.Length; i++) scanFrom[i] = reader.Read7BitEncodedInt64();

        // With another stream for late messages all of it is looked at: its places were not noted.
        _scanFrom = scanFrom.Length == _logs.Length ? scanFrom : [scanFrom[0], .. _logs.Skip(1).Select(static log => log.Start)];
        for (var count = reader.Read7BitEncodedInt(); count > 0; count--)
        {
            var entry = OutboxEntry.Read(reader);
            if (entry.IsLate && _late is null) continue;
            _entries.Enqueue(entry);
            Bytes += entry.Bytes;
        }

        _unsure = _entries.Count > 0;
    }

    private void Add(bool late, byte[] topic, byte[] key, ReadOnlySpan<byte> properties, byte[] payload, RecordFlags flags)
    {
        var entry = new OutboxEntry(_next, late, topic, key, _mark.Add(properties, _next), payload, flags);
        _next++;
        _entries.Enqueue(entry);
        Bytes += entry.Bytes;
    }

    /// <summary>The numbers of the entries that the logs hold already.</summary>
    private HashSet<long> Scan()
    {
        var there = new HashSet<long>();
        using var records = new RecordBatch();
        for (var i = 0; i < _logs.Length; i++)
        {
            for (var at = _scanFrom[i]; _logs[i].TryRead(at, records); at = records.Through)
            {
                for (var k = 0; k < records.Count; k++)
                    if (_mark.Find(records[k].Properties) is > 0 and var number) there.Add(number);
                if (records.Through <= at) break;
                records.Clear();
            }
        }

        return there;
    }
}
