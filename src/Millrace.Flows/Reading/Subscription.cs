using Millrace.Flows.Running;

namespace Millrace.Flows.Reading;

/// <summary>What one flow wants of one partition, and for which of its lanes.</summary>
internal sealed class Subscription(string flow, MessageFilter? filter)
{
    /// <summary>A flow's name: those of one flow share a subscription.</summary>
    public string Flow => flow;

    /// <summary>Null: everything.</summary>
    public MessageFilter? Filter => filter;

    /// <summary>The reader's lock guards it.</summary>
    public List<LaneFeed> Lanes { get; } = [];

    /// <summary>The reader's notes on the frame that it is matching: which records are wanted.</summary>
    public List<int> Matches { get; } = [];
}
