using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;

namespace Millrace.Flows.DeadLetters;

/// <summary>All dead letters, in a log of their own, with the reason and the message.</summary>
/// <remarks>
/// A flow that starts over after a crash meets the same bad messages again. Each flow gives up messages in the order of its source, so the
/// newest position that is here for a flow and partition tells which of them are here already.
/// </remarks>
public sealed class DeadLetterLog
{
    /// <summary>The log's name among the logs.</summary>
    public const string LogName = "dead-letters";

    private const int MaxReason = 4096;

    private readonly ILogPartition _log;
    private readonly ConcurrentDictionary<(string Flow, int Partition), (long Offset, int Record)> _newest = new();

    public DeadLetterLog(IRecordLog log)
    {
        _log = log.Partitions[0];
        using var batch = new RecordBatch();
        for (var at = _log.Start; _log.TryRead(at, batch); at = batch.Through, batch.Clear())
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var note = NoteOf(batch[i]);
                _newest[(Encoding.UTF8.GetString(batch[i].Key), note.Partition)] = (note.Offset, note.Record);
            }
        }
    }

    public long Count => _log.End - _log.Start;

    /// <summary>Ends when the letters are safe. Those that are here already are not written again.</summary>
    /// <param name="flow">Who gives up.</param>
    /// <param name="partition">Of the flow's source.</param>
    /// <param name="refused">Records of one batch, by the message they were made from.</param>
    /// <param name="messages">The messages.</param>
    /// <param name="stop">Ends the wait.</param>
    public async ValueTask AppendAsync(
        string flow, int partition, IReadOnlyList<Refusal> refused, RecordBatch messages, CancellationToken stop)
    {
        using var letters = new RecordBatch();
        var key = Encoding.UTF8.GetBytes(flow);
        var known = _newest.TryGetValue((flow, partition), out var newest) ? newest : (Offset: -1L, Record: 0);
        var last = known;

        // Refusals come step by step; the log keeps them in the order of the messages.
        foreach (var group in refused.GroupBy(static r => r.Index).OrderBy(static g => g.Key))
        {
            var record = 0;
            foreach (var refusal in group)
            {
                var position = (messages[refusal.Index].Offset, record++);
                if (position.CompareTo(known) <= 0) continue;
                letters.Add(Letter(messages[refusal.Index], key, new DeadLetterNote(
                    partition, position.Offset, position.Item2, refusal.Fault, Shortened(refusal.Reason))));
                last = position;
            }
        }

        await _log.AppendAsync(letters, static (_, reason) => throw new FaultException(Fault.Corrupt, $"a dead letter cannot be kept: {reason}"), stop)
            .ConfigureAwait(false);
        _newest[(flow, partition)] = last;
    }

    /// <summary>The flow is gone: one of the same name begins anew, and what it gives up is written whatever its position.</summary>
    public void Forget(string flow)
    {
        foreach (var known in _newest.Keys.Where(known => known.Flow == flow)) _newest.TryRemove(known, out _);
    }

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
                    Encoding.UTF8.GetString(record.Topic), note.Fault, note.Reason, record.Payload.ToArray()));
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

    private static string Shortened(string reason) => reason.Length <= MaxReason ? reason : reason[..MaxReason] + "…";
}
