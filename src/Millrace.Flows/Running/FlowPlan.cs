using Millrace.Contracts.Flows;
using Millrace.Contracts.Log;
using Millrace.Flows.Options;

namespace Millrace.Flows.Running;

/// <summary>A flow, compiled: everything a runner needs to carry it.</summary>
public sealed record FlowPlan
{
    public required string Name { get; init; }

    public required IRecordLog Source { get; init; }

    /// <summary>Whether the source is the ingress log, in which messages may name their flow.</summary>
    public bool ReadsIngress { get; init; }

    /// <summary>Made anew for each partition's runner: steps keep scratch memory.</summary>
    public required Func<IReadOnlyList<IStep>> CreateSteps { get; init; }

    /// <summary>Makes a sink for the runner of a partition, from its key (as checkpoints are kept under) and the partition.</summary>
    public required Func<string, int, ISink> CreateSink { get; init; }

    public required string SinkKind { get; init; }

    public required string Target { get; init; }

    /// <summary>Where a flow that has no checkpoint begins.</summary>
    public required bool StartAtOldest { get; init; }

    public required RetryOptions Retry { get; init; }

    public long StartOf(ILogPartition source) => StartAtOldest ? source.Start : source.End;
}
