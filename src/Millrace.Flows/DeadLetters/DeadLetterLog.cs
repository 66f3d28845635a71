using System.Text;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Flows.Running;

namespace Millrace.Flows.DeadLetters;

/// <summary>All dead letters, in a log of their own, with the reason and the message.</summary>
public sealed class DeadLetterLog : IFailureLog
{
    /// <summary>The log's name among the logs.</summary>
    public const string LogName = "dead-letters";

    private const int MaxReason = 4096;

    private readonly ILogPartition _log;
    private readonly Lock _gate = new();
    private readonly KnownFailures _known = new();

    public DeadLetterLog(IRecordLog log)
    {
        _log = log.Partitions[0];
        using var batch = new RecordBatch();
        for (var at = _log.Start; _log.TryRead(at, batch); at = batch.Through, batch.Clear())
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var note = NoteOf(batch[i]);
                _known.Add(note.Lane, note.Partition, note.Offset, note.Record);
            }
        }
    }

    public long Count => _log.End - _log.Start;

    async ValueTask IFailureLog.AppendAsync(
        FlowPlan flow, LanePlan lane, int partition, IReadOnlyList<Failure> failures, RecordBatch messages, CancellationToken stop)
    {
        using var letters = new RecordBatch();
        var key = Encoding.UTF8.GetBytes(flow.Name);
        var added = new List<(long Offset, int Record)>();
        lock (_gate)
        {
            foreach (var (record, failure) in InOrder(failures))
            {
                var message = messages[failure.Message];
                if (_known.Has(lane.Name, partition, message.Offset, record)) continue;
                letters.Add(Letter(message, key, new DeadLetterNote(
                    lane.Name, partition, message.Offset, record, failure.Fault, Shortened(failure.Reason))));
                added.Add((message.Offset, record));
            }
        }

        await _log.AppendAsync(letters, static (_, reason) => throw new FaultException(Fault.Corrupt, $"a dead letter cannot be kept: {reason}"), stop)
            .ConfigureAwait(false);
        lock (_gate)
            foreach (var (offset, record) in added) _known.Add(lane.Name, partition, offset, record);
    }

    /// <summary>The lane is gone: one of the same name begins anew, and what it gives up is written again.</summary>
    public void Forget(string lane)
    {
        lock (_gate) _known.Forget(lane);
    }

    /// <summary>Failures come step by step; a log keeps them in the order of the messages, and numbers those of one message.</summary>
    internal static IEnumerable<(int Record, Failure Failure)> InOrder(IEnumerable<Failure> failures) =>
        failures.GroupBy(static failure => failure.Message).OrderBy(static group => group.Key)
            .SelectMany(static group => group.Select(static (failure, record) => (record, failure)));

    /// <summary>The newest letters, newest first.</summary>
    /// <param name="flow">Only of this flow; null for all.</param>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<DeadLetter> Newest(string? flow, int limit)
    {
        // From the end backwards in growing strides; what a frame holds comes in order.
        var stride = Math.Max(limit, 64L);
        for (var from = Math.Max(_log.Start, _log.End - stride); ; stride *= 4)
        {
            var found = ReadFrom(from, flow);
            if (found.Count >= limit || from <= _log.Start)
            {
                found.Reverse();
                return found.Count > limit ? found.GetRange(0, limit) : found;
            }

            from = Math.Max(_log.Start, _log.End - (stride * 4));
        }
    }

    private List<DeadLetter> ReadFrom(long at, string? flow)
    {
        var found = new List<DeadLetter>();
        using var batch = new RecordBatch();
        for (; _log.TryRead(at, batch); at = batch.Through, batch.Clear())
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var record = batch[i];
                var name = Encoding.UTF8.GetString(record.Key);
                if (flow is not null && name != flow) continue;
                var note = NoteOf(record);
                found.Add(new DeadLetter(
                    name, note.Partition, note.Offset, DateTimeOffset.UnixEpoch.AddTicks(record.ArrivalNs / 100),
                    Encoding.UTF8.GetString(record.Topic), note.Fault, note.Reason, record.Payload.ToArray())
                { Lane = note.Lane });
            }
        }

        return found;
    }

    private static Record Letter(Record message, byte[] flow, DeadLetterNote note) => new()
    {
        Topic = message.Topic,
        Key = flow,
        Properties = JsonSerializer.SerializeToUtf8Bytes(note, DeadLetterJson.Default.DeadLetterNote),
        Payload = message.Payload,
    };

    private static DeadLetterNote NoteOf(Record record) =>
        JsonSerializer.Deserialize(record.Properties, DeadLetterJson.Default.DeadLetterNote)
        ?? throw new FaultException(Fault.Corrupt, $"dead letter {record.Offset} carries no note");

    internal static string Shortened(string reason) => reason.Length <= MaxReason ? reason : reason[..MaxReason] + "…";
}
