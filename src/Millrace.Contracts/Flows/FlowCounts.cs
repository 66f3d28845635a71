namespace Millrace.Contracts.Flows;

/// <summary>What became of everything one flow has seen, from its first day: the flow's page of the loss ledger.</summary>
/// <remarks>
/// Moves with the checkpoint, so that a replay after a crash counts nothing twice. Between batches
/// <c>Examined = PassedOver + Matched</c>, <c>Matched = Stored + Absorbed + Rejected + DeadLettered</c>, and the same for records.
/// A message that became several records counts once, for the worst that happened to one of them.
/// </remarks>
public readonly record struct FlowCounts
{
    /// <summary>Messages read from the source.</summary>
    public long Examined { get; init; }

    /// <summary>Messages whose topic is one of those behind FROM, or which named the flow.</summary>
    public long OnTopic { get; init; }

    /// <summary>Messages for which WHERE was true and SELECT had a result.</summary>
    public long Fired { get; init; }

    /// <summary>Messages of other topics, or for which WHERE was not true.</summary>
    public long PassedOver { get; init; }

    /// <summary>Messages that were this flow's business.</summary>
    public long Matched { get; init; }

    /// <summary>Messages of which every record is at the destination, at least one of them newly.</summary>
    public long Stored { get; init; }

    /// <summary>Messages of which every record was there already, equal.</summary>
    public long Absorbed { get; init; }

    /// <summary>Messages of which the destination refused a record for good.</summary>
    public long Rejected { get; init; }

    /// <summary>Messages that never came to the destination: unreadable, or a step failed on them.</summary>
    public long DeadLettered { get; init; }

    /// <summary>Messages that the retention of the source deleted before the flow looked at them. Not among the examined.</summary>
    public long Overtaken { get; init; }

    public long Records { get; init; }

    public long RecordsStored { get; init; }

    public long RecordsAbsorbed { get; init; }

    public long RecordsRejected { get; init; }

    public long RecordsDeadLettered { get; init; }

    public static FlowCounts operator +(FlowCounts a, FlowCounts b) => new()
    {
        Examined = a.Examined + b.Examined,
        OnTopic = a.OnTopic + b.OnTopic,
        Fired = a.Fired + b.Fired,
        PassedOver = a.PassedOver + b.PassedOver,
        Matched = a.Matched + b.Matched,
        Stored = a.Stored + b.Stored,
        Absorbed = a.Absorbed + b.Absorbed,
        Rejected = a.Rejected + b.Rejected,
        DeadLettered = a.DeadLettered + b.DeadLettered,
        Overtaken = a.Overtaken + b.Overtaken,
        Records = a.Records + b.Records,
        RecordsStored = a.RecordsStored + b.RecordsStored,
        RecordsAbsorbed = a.RecordsAbsorbed + b.RecordsAbsorbed,
        RecordsRejected = a.RecordsRejected + b.RecordsRejected,
        RecordsDeadLettered = a.RecordsDeadLettered + b.RecordsDeadLettered,
    };

    public static FlowCounts Add(FlowCounts left, FlowCounts right) => left + right;
}
