using Millrace.Contracts.Flows;
using Millrace.Contracts.Log;
using Millrace.Flows.Options;

namespace Millrace.Flows.Running;

/// <summary>A flow, compiled: everything its runners need to carry it.</summary>
public sealed record FlowPlan
{
    public required string Name { get; init; }

    public required IRecordLog Source { get; init; }

    /// <summary>Whether the source is the ingress log, in which messages may name their flow.</summary>
    public bool ReadsIngress { get; init; }

    /// <summary>The messages that the steps are to see; null: all.</summary>
    public MessageFilter? Filter { get; init; }

    /// <summary>Made anew for each runner: steps keep scratch memory.</summary>
    public required Func<IReadOnlyList<IStep>> CreateSteps { get; init; }

    /// <summary>Where the records end.</summary>
    public required IReadOnlyList<LanePlan> Lanes { get; init; }

    /// <summary>Of a flow with windows, whose lane fills them: the flow that carries their rows on; null of any other.</summary>
    public FlowPlan? Rows { get; init; }

    /// <summary>Gets one message for each message of which something failed for good; null: that becomes a dead letter.</summary>
    public LanePlan? ErrorLane { get; init; }

    /// <summary>Where a destination itself keeps how far a lane is, by the lane's key; null where it does not.</summary>
    public Func<string, Checkpoint?> HeldBy { get; init; } = static _ => null;

    /// <summary>A flow that is not enabled is at rest: it has a place and no runners.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Where a flow that has no checkpoint begins.</summary>
    public required bool StartAtOldest { get; init; }

    public required RetryOptions Retry { get; init; }

    public long StartOf(ILogPartition source) => StartAtOldest ? source.Start : source.End;
}
