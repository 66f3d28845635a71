using Millrace.Contracts.Records;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Running;

/// <summary>Which messages of its source are a flow's business, by their topics alone.</summary>
/// <param name="topics">The topics behind FROM; null: only those that name the flow.</param>
/// <param name="name">UTF-8, what messages of Basic Ingest call the flow by; empty where they cannot.</param>
public sealed class MessageFilter(TopicFilter? topics, byte[] name)
{
    /// <summary>The topics behind FROM; null: only messages that name the flow.</summary>
    public TopicFilter? Topics => topics;

    /// <summary>UTF-8; empty where messages cannot name the flow.</summary>
    public ReadOnlySpan<byte> Name => name;

    /// <summary>Basic Ingest names the one flow that gets the message, whatever that flow's FROM says.</summary>
    public bool Picks(ReadOnlySpan<byte> topic) => BasicIngestTopic.Is(topic)
        ? name.Length > 0 && BasicIngestTopic.Split(topic, out _).SequenceEqual(name)
        : topics?.Matches(topic) == true;
}
