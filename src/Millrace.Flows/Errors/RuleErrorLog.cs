using System.Text;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Flows.DeadLetters;
using Millrace.Flows.Running;

namespace Millrace.Flows.Errors;

/// <summary>What failed for good in flows with an error destination, and what those are told, in a log of their own.</summary>
/// <remarks>
/// Three kinds of records: a failure (<c>$failed/{topic}</c>), written before its lane moves on; a message for the error destination, one for all failures of
/// one message (<c>$aws/rules/{flow}/{topic}</c>, so that it reaches that flow alone), written when every destination has passed that; and a note that this
/// was done (<c>$reported</c>). What has failures and no note is found again after a crash: it may be told twice, and never not at all.
/// </remarks>
public sealed class RuleErrorLog : IFailureLog
{
    /// <summary>The log's name among the logs.</summary>
    public const string LogName = "rule-errors";

    /// <summary>In base64, with all else, it must still be a record.</summary>
    private const int MaxPayload = 2 * 1024 * 1024;

    private readonly ILogPartition _log;
    private readonly Lock _gate = new();
    private readonly KnownFailures _known = new();
    private readonly Dictionary<string, PendingErrors> _pending = new(StringComparer.Ordinal);

    public RuleErrorLog(IRecordLog log)
    {
        Log = log;
        _log = log.Partitions[0];
        using var batch = new RecordBatch();
        for (var at = _log.Start; _log.TryRead(at, batch); at = batch.Through, batch.Clear())
            for (var i = 0; i < batch.Count; i++) Recall(batch[i]);
    }

    internal IRecordLog Log { get; }

    private static ReadOnlySpan<byte> FailedPrefix => "$failed/"u8;

    private static ReadOnlySpan<byte> ReportedTopic => "$reported"u8;

    private static ReadOnlySpan<byte> ForgottenTopic => "$forgotten"u8;

    async ValueTask IFailureLog.AppendAsync(
        FlowPlan flow, LanePlan lane, int partition, IReadOnlyList<Failure> failures, RecordBatch messages, CancellationToken stop)
    {
        using var parts = new RecordBatch();
        var notes = new List<FailureNote>();
        lock (_gate)
        {
            foreach (var (record, failure) in DeadLetterLog.InOrder(failures))
            {
                var message = messages[failure.Message];
                if (_known.Has(lane.Name, partition, message.Offset, record)) continue;
                var note = new FailureNote(
                    lane.Name, partition, message.Offset, record, failure.InStatement,
                    failure.InStatement ? "SQL" : lane.ActionName, failure.InStatement ? flow.Name : lane.Target,
                    DeadLetterLog.Shortened(failure.Reason), Encoding.UTF8.GetString(message.Key));
                notes.Add(note);
                parts.Add(Part(message, flow.Name, note));
            }
        }

        var places = new long[notes.Count];
        await _log.AppendAsync(parts, Unkept, (i, offset) => places[i] = offset, stop).ConfigureAwait(false);
        lock (_gate)
            foreach (var note in notes) _known.Add(note.Lane, note.Partition, note.Offset, note.Record);
        var pending = PendingOf(flow.Name);
        for (var i = 0; i < notes.Count; i++) pending.Add(partition, notes[i].Offset, places[i]);
    }

    /// <summary>What the flow's error destination was not told yet.</summary>
    internal PendingErrors PendingOf(string flow)
    {
        lock (_gate)
        {
            if (!_pending.TryGetValue(flow, out var pending)) _pending.Add(flow, pending = new PendingErrors());
            return pending;
        }
    }

    /// <summary>Writes a message for the error destination for each of some messages, and notes that. Ends when all is safe.</summary>
    internal async Task ReportAsync(FlowPlan flow, IReadOnlyList<(int Partition, long Offset, long[] Failures)> messages, CancellationToken stop)
    {
        using var reports = new RecordBatch();
        using var notes = new RecordBatch();
        foreach (var (partition, offset, failures) in messages)
        {
            AddReport(flow, failures, reports);
            notes.Add(new Record
            {
                Topic = ReportedTopic,
                Key = Encoding.UTF8.GetBytes(flow.Name),
                Properties = JsonSerializer.SerializeToUtf8Bytes(new ReportedNote(partition, offset, failures[^1]), ErrorJson.Default.ReportedNote),
            });
        }

        await _log.AppendAsync(reports, Unkept, stop).ConfigureAwait(false);
        await _log.AppendAsync(notes, Unkept, stop).ConfigureAwait(false);
        var pending = PendingOf(flow.Name);
        foreach (var (partition, offset, failures) in messages) pending.Remove(partition, offset, failures[^1]);
    }

    /// <summary>The flow has no error destination any more: what that was not told becomes dead letters.</summary>
    internal async Task GiveUpAsync(FlowPlan flow, IFailureLog letters)
    {
        foreach (var (partition, _, failures) in PendingOf(flow.Name).Ready(static _ => long.MaxValue, int.MaxValue))
        {
            using var part = new RecordBatch();
            using var messages = new RecordBatch();
            var notes = new List<FailureNote>();
            foreach (var at in failures)
            {
                part.Clear();
                if (!_log.TryRead(at, part) || part[0].Offset != at) continue;
                var note = Note(part[0], ErrorJson.Default.FailureNote);
                if (notes.Count == 0)
                    messages.Add(new Record { Topic = part[0].Topic[FailedPrefix.Length..], Payload = part[0].Payload, Offset = note.Offset });
                notes.Add(note);
            }

            foreach (var lane in notes.GroupBy(static note => note.Lane))
            {
                Failure[] failed = [.. lane.Select(static note => new Failure(0, Fault.Refused, note.Message, note.InStatement))];
                await letters.AppendAsync(flow, flow.Lanes[0] with { Name = lane.Key }, partition, failed, messages, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The flow is gone: one of the same name begins anew.</summary>
    internal async Task ForgetAsync(string flow)
    {
        lock (_gate)
            if (!_pending.ContainsKey(flow)) return;
        using var note = new RecordBatch();
        note.Add(new Record { Topic = ForgottenTopic, Key = Encoding.UTF8.GetBytes(flow) });
        await _log.AppendAsync(note, Unkept, CancellationToken.None).ConfigureAwait(false);
        lock (_gate) Forget(flow);
    }

    private static void Unkept(int record, string reason) => throw new FaultException(Fault.Corrupt, $"a failure of a flow cannot be kept: {reason}");

    private static Record Part(Record message, string flow, FailureNote note) => new()
    {
        Topic = (byte[])[.. FailedPrefix, .. message.Topic],
        Key = Encoding.UTF8.GetBytes(flow),
        Properties = JsonSerializer.SerializeToUtf8Bytes(note, ErrorJson.Default.FailureNote),
        Payload = message.Payload[..Math.Min(message.Payload.Length, MaxPayload)],
    };

    private void AddReport(FlowPlan flow, long[] failures, RecordBatch reports)
    {
        using var first = new RecordBatch();
        using var others = new RecordBatch();
        var notes = new List<FailureNote>(failures.Length);
        foreach (var at in failures)
        {
            // What retention took away is not told any more.
            var batch = notes.Count == 0 ? first : others;
            batch.Clear();
            if (!_log.TryRead(at, batch) || batch[0].Offset != at) continue;
            notes.Add(Note(batch[0], ErrorJson.Default.FailureNote));
        }

        if (notes.Count == 0) return;
        notes.Sort((a, b) => (PlaceOf(flow, a), a.Record).CompareTo((PlaceOf(flow, b), b.Record)));
        var part = first[0];
        var published = BasicIngestTopic.WithoutFlow(part.Topic[FailedPrefix.Length..]);
        reports.Add(new Record
        {
            Topic = (byte[])[.. Encoding.UTF8.GetBytes($"$aws/rules/{flow.Name}/"), .. published],
            Key = Encoding.UTF8.GetBytes(notes[0].ClientId),
            Payload = ErrorText.Of(
                flow.Name, part.Topic[FailedPrefix.Length..], part.Payload, ErrorText.TraceIdOf(flow.Source.Name, notes[0].Partition, notes[0].Offset), notes),
        });
    }

    /// <summary>What the statement failed on first, then in the order of the destinations.</summary>
    private static int PlaceOf(FlowPlan flow, FailureNote note)
    {
        if (note.InStatement) return -1;
        for (var i = 0; i < flow.Lanes.Count; i++)
            if (flow.Lanes[i].Name == note.Lane) return i;
        return flow.Lanes.Count;
    }

    private void Recall(Record record)
    {
        if (record.Topic.StartsWith(FailedPrefix))
        {
            var note = Note(record, ErrorJson.Default.FailureNote);
            _known.Add(note.Lane, note.Partition, note.Offset, note.Record);
            PendingOf(Encoding.UTF8.GetString(record.Key)).Add(note.Partition, note.Offset, record.Offset);
        }
        else if (record.Topic.SequenceEqual(ReportedTopic))
        {
            var note = Note(record, ErrorJson.Default.ReportedNote);
            PendingOf(Encoding.UTF8.GetString(record.Key)).Remove(note.Partition, note.Offset, note.Through);
        }
        else if (record.Topic.SequenceEqual(ForgottenTopic))
        {
            Forget(Encoding.UTF8.GetString(record.Key));
        }
    }

    private void Forget(string flow)
    {
        _known.ForgetAll($"{flow}:");
        if (_pending.Remove(flow, out var pending)) pending.Clear();
    }

    private static T Note<T>(Record record, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(record.Properties, type)
        ?? throw new FaultException(Fault.Corrupt, $"record {record.Offset} of {LogName} carries no note");
}
