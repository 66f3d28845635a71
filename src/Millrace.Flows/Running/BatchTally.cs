using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;

namespace Millrace.Flows.Running;

/// <summary>Counts what became of one batch of messages: each once, for the worst that happened to a record of it.</summary>
internal sealed class BatchTally
{
    private byte[] _fates = [];
    private int _messages;
    private int _fired;
    private FlowCounts _records;

    private enum Fate : byte
    {
        PassedOver,
        Absorbed,
        Stored,
        Rejected,
        DeadLettered,
    }

    public void Begin(RecordBatch messages)
    {
        _messages = messages.Count;
        if (_fates.Length < _messages) _fates = new byte[Math.Max(_messages, _fates.Length * 2)];
        _fates.AsSpan(0, _messages).Clear();
        _records = default;
        _fired = 0;
    }

    /// <summary>The first step is done: what it left, the statement picked.</summary>
    public void Fired(RecordBatch batch)
    {
        var last = -1;
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch.OriginOf(i) == last) continue;
            last = batch.OriginOf(i);
            _fired++;
        }
    }

    /// <summary>A step could not read a record.</summary>
    public void Refused(RecordBatch source, int index)
    {
        Mark(source.OriginOf(index), Fate.DeadLettered);
        _records = _records with { Records = _records.Records + 1, RecordsDeadLettered = _records.RecordsDeadLettered + 1 };
    }

    /// <summary>The sink has answered for the whole batch.</summary>
    public void Delivered(RecordBatch batch, Outcomes outcomes)
    {
        var (absorbed, rejected, deadLettered) = (0, 0, 0);

        // Lowest fate first: a message is marked with what was worst for one of its records.
        if (outcomes.AbsorbedRecords.Count == 0 && outcomes.Refusals.Count == 0)
        {
            for (var i = 0; i < batch.Count; i++) Mark(batch.OriginOf(i), Fate.Stored);
        }
        else
        {
            var settled = new HashSet<int>();
            foreach (var index in outcomes.AbsorbedRecords)
            {
                if (!settled.Add(index)) continue;
                absorbed++;
                Mark(batch.OriginOf(index), Fate.Absorbed);
            }

            foreach (var refusal in outcomes.Refusals)
            {
                if (!settled.Add(refusal.Index)) continue;
                var unreadable = refusal.Fault == Fault.Unreadable;
                if (unreadable) deadLettered++;
                else rejected++;
                Mark(batch.OriginOf(refusal.Index), unreadable ? Fate.DeadLettered : Fate.Rejected);
            }

            for (var i = 0; i < batch.Count; i++)
                if (!settled.Contains(i)) Mark(batch.OriginOf(i), Fate.Stored);
        }

        _records = _records with
        {
            Records = _records.Records + batch.Count,
            RecordsStored = _records.RecordsStored + batch.Count - absorbed - rejected - deadLettered,
            RecordsAbsorbed = _records.RecordsAbsorbed + absorbed,
            RecordsRejected = _records.RecordsRejected + rejected,
            RecordsDeadLettered = _records.RecordsDeadLettered + deadLettered,
        };
    }

    /// <summary>All counts of the batch.</summary>
    /// <param name="examined">Messages of the frame, with those of other topics.</param>
    public FlowCounts Settle(long examined)
    {
        Span<long> by = stackalloc long[5];
        foreach (var fate in _fates.AsSpan(0, _messages)) by[fate]++;
        return _records with
        {
            Examined = examined,
            OnTopic = _messages,
            Fired = _fired,
            PassedOver = by[(int)Fate.PassedOver] + examined - _messages,
            Matched = _messages - by[(int)Fate.PassedOver],
            Stored = by[(int)Fate.Stored],
            Absorbed = by[(int)Fate.Absorbed],
            Rejected = by[(int)Fate.Rejected],
            DeadLettered = by[(int)Fate.DeadLettered],
        };
    }

    private void Mark(int message, Fate fate)
    {
        if (_fates[message] < (byte)fate) _fates[message] = (byte)fate;
    }
}
