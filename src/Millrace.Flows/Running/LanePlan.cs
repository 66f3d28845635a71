using Millrace.Contracts.Flows;

namespace Millrace.Flows.Running;

/// <summary>One destination of a flow, and what is told of it.</summary>
public sealed record LanePlan
{
    /// <summary>Names the lane's checkpoints and dead letters, whatever its flow's other destinations are: <c>dtc-stop:series</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What a person calls it: the flow's name, while that has one destination.</summary>
    public required string Shown { get; init; }

    /// <summary>Makes a sink for a partition of the source, from its key (as checkpoints are kept under) and the partition.</summary>
    public required Func<string, int, ISink> CreateSink { get; init; }

    public required string Kind { get; init; }

    public required string Target { get; init; }

    /// <summary>As AWS calls it, in a message about a failure.</summary>
    public required string ActionName { get; init; }

    /// <summary>Whether a batch may be given up after as many tries as the flow says. Our own tables and files are never given up.</summary>
    public bool GivesUp { get; init; } = true;

    /// <summary>Whether the sink is to be asked to commit about every second although nothing came: it does something by the clock.</summary>
    public bool IsTimed { get; init; }

    /// <summary>What the checkpoint of a partition is kept under.</summary>
    public string KeyOf(int partition) => $"{Name}/{partition}";
}
