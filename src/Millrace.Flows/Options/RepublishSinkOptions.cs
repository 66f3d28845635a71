using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>Back to MQTT, under another topic: to subscribers, and into the ingress log like anything a device sends.</summary>
public sealed record RepublishSinkOptions : SinkOptions
{
    private const int MaxTopicLength = 65_535;

    public override string Kind => "republish";

    public override string Target => Topic;

    public override string ActionName => "RepublishAction";

    /// <summary>A template: <c>cmd/cars/${vin}/stop</c>. One of AWS's own topics begins with <c>$$</c>, as <c>$$aws/things/${vin}/shadow/update</c>.</summary>
    public required string Topic { get; init; }

    /// <summary>The template to publish to, without the dollar that says: this is meant.</summary>
    public string Published => IsReserved ? Topic[1..] : Topic;

    /// <summary>Whether it is one of AWS's own topics. What a device sends can make none of another topic.</summary>
    public bool IsReserved => Topic.StartsWith("$$", StringComparison.Ordinal);

    public int Qos { get; init; } = 1;

    /// <summary>Whether the last message of a topic is kept for those who subscribe later; one without a payload removes it.</summary>
    public bool Retain { get; init; }

    public RepublishHeaders Headers { get; init; } = new();

    public override IEnumerable<Problem> Check()
    {
        var problems = new List<Problem>();
        var topic = Templates.Sample(Published, "topic", problems);
        if (topic.AsSpan().ContainsAny('+', '#')) problems.Add(new("topic", "is published to, so it must not hold the wildcards + and #"));
        else if (topic.Length is 0 or > MaxTopicLength || topic.Contains('\0', StringComparison.Ordinal))
            problems.Add(new("topic", $"must be a topic of 1 to {MaxTopicLength} bytes"));
        else if (topic.StartsWith('$') && ReservedProblem(topic) is { } wrong) problems.Add(new("topic", wrong));
        if (Qos is not (0 or 1)) problems.Add(new("qos", "must be 0 or 1"));
        problems.AddRange(Headers.Check().Select(static problem => problem with { Where = $"headers.{problem.Where}" }));
        return problems;
    }

    private string? ReservedProblem(string topic)
    {
        if (!IsReserved) return "must not start with $: those topics are the server's own (of AWS's, shadows and rules are written $$aws/things/… and $$aws/rules/…)";
        if (topic.StartsWith("$aws/rules/", StringComparison.Ordinal)) return null;
        if (!topic.StartsWith("$aws/things/", StringComparison.Ordinal))
            return "of the topics that start with $, only $$aws/things/…/shadow/… and $$aws/rules/… can be republished to";
        return topic.Split('/') is [_, _, _, "shadow", ..] ? null : "of a thing's reserved topics only those of its shadow can be republished to, not those of jobs";
    }
}
