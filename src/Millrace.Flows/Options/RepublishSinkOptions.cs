using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>Back to MQTT, under another topic: to subscribers, and into the ingress log like anything a device sends.</summary>
public sealed record RepublishSinkOptions : SinkOptions
{
    private const int MaxTopicLength = 65_535;

    public override string Kind => "republish";

    public override string Target => Topic;

    public override string ActionName => "RepublishAction";

    /// <summary>A template: <c>cmd/cars/${vin}/stop</c>.</summary>
    public required string Topic { get; init; }

    public int Qos { get; init; } = 1;

    /// <summary>Whether the last message of a topic is kept for those who subscribe later; one without a payload removes it.</summary>
    public bool Retain { get; init; }

    public override IEnumerable<Problem> Check()
    {
        var problems = new List<Problem>();
        var topic = Templates.Sample(Topic, "topic", problems);
        if (topic.AsSpan().ContainsAny('+', '#')) problems.Add(new("topic", "is published to, so it must not hold the wildcards + and #"));
        else if (topic.Length is 0 or > MaxTopicLength || topic.Contains('\0', StringComparison.Ordinal))
            problems.Add(new("topic", $"must be a topic of 1 to {MaxTopicLength} bytes"));
        else if (topic.StartsWith('$')) problems.Add(new("topic", "must not start with $: those topics are the server's own"));
        if (Qos is not (0 or 1)) problems.Add(new("qos", "must be 0 or 1"));
        return problems;
    }
}
