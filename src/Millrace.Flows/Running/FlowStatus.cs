using Millrace.Contracts.Flows;

namespace Millrace.Flows.Running;

/// <summary>One destination of a flow, or one partition of that, at one moment.</summary>
/// <param name="Flow">As declared.</param>
/// <param name="Name">The flow's, while it has one destination; else that and the destination's: <c>dtc-stop:series</c>.</param>
/// <param name="State">The worst of its partitions.</param>
/// <param name="Error">Why it retries or failed.</param>
/// <param name="Sink">The kind of its destination: series, lake, …</param>
/// <param name="Target">The destination itself: a table, a stream, a topic.</param>
/// <param name="Counts">All that is settled.</param>
/// <param name="WaitingMessages">Matched, and still on their way to the destination.</param>
/// <param name="WaitingRecords">The records these became.</param>
/// <param name="Lag">Records of the source that it has not looked at yet.</param>
/// <param name="LastProgress">When it last settled a batch.</param>
public sealed record FlowStatus(
    string Flow,
    string Name,
    FlowState State,
    string? Error,
    string Sink,
    string Target,
    FlowCounts Counts,
    long WaitingMessages,
    long WaitingRecords,
    long Lag,
    DateTimeOffset? LastProgress)
{
    /// <summary>Whether it has still to catch up with what the log held when the flow started.</summary>
    public bool Replaying { get; init; }

    public Latency Latency { get; init; } = Latency.None;

    /// <summary>Settled and waiting.</summary>
    public long MatchedMessages => Counts.Matched + WaitingMessages;

    /// <summary>Settled and waiting.</summary>
    public long Records => Counts.Records + WaitingRecords;

    /// <summary>The loss ledger's question: is everything that matched accounted for?</summary>
    public bool Balanced =>
        Counts.Examined == Counts.PassedOver + Counts.Matched
        && Counts.Matched == Counts.Stored + Counts.Absorbed + Counts.Rejected + Counts.DeadLettered
        && Counts.Records == Counts.RecordsStored + Counts.RecordsAbsorbed + Counts.RecordsRejected + Counts.RecordsDeadLettered;

    /// <summary>Of a lane that has not begun.</summary>
    public static FlowStatus Before(FlowPlan plan, LanePlan lane) =>
        new(plan.Name, lane.Shown, FlowState.Starting, null, lane.Kind, lane.Target, default, 0, 0, 0, null);

    public static FlowStatus Merge(FlowStatus a, FlowStatus b) => a with
    {
        State = Rank(a.State) >= Rank(b.State) ? a.State : b.State,
        Error = a.Error ?? b.Error,
        Counts = a.Counts + b.Counts,
        WaitingMessages = a.WaitingMessages + b.WaitingMessages,
        WaitingRecords = a.WaitingRecords + b.WaitingRecords,
        Lag = a.Lag + b.Lag,
        Replaying = a.Replaying || b.Replaying,
        Latency = a.Latency + b.Latency,
        LastProgress = a.LastProgress > b.LastProgress ? a.LastProgress : b.LastProgress ?? a.LastProgress,
    };

    private static int Rank(FlowState state) => state switch
    {
        FlowState.Failed => 4,
        FlowState.Retrying => 3,
        FlowState.Starting => 2,
        FlowState.Running => 1,
        _ => 0,
    };
}
