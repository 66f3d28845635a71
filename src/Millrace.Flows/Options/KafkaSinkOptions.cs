using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>To Apache Kafka, with AWS's parameters.</summary>
public sealed record KafkaSinkOptions : SinkOptions
{
    private const int MostHeaders = 100;

    public override string Kind => "kafka";

    public override string Target => Topic;

    public override string ActionName => "KafkaAction";

    /// <summary>A template.</summary>
    public required string Topic { get; init; }

    /// <summary>A template; messages of one key keep their order. Null: none.</summary>
    public string? Key { get; init; }

    /// <summary>A template that makes a number; null: by the key, as Java's client would.</summary>
    public string? Partition { get; init; }

    public ValueList<HeaderOptions> Headers { get; init; } = [];

    /// <summary>See <see cref="KafkaProperties"/>.</summary>
    public ValueList<KeyValuePair<string, string>> ClientProperties { get; init; } = [];

    public string Servers => Property("bootstrap.servers") ?? "";

    public override IEnumerable<Problem> Check()
    {
        var problems = new List<Problem>();
        if (Topic.Length == 0) problems.Add(new("topic", "is empty"));
        Templates.Sample(Topic, "topic", problems);
        if (Key is not null) Templates.Sample(Key, "key", problems);
        if (Partition is not null && Templates.Sample(Partition, "partition", problems) is var sample && !Partition.Contains("${", StringComparison.Ordinal)
            && !(int.TryParse(sample, out var partition) && partition >= 0))
            problems.Add(new("partition", "must be a number from 0 on, or a template that makes one"));
        if (Headers.Count > MostHeaders) problems.Add(new("headers", $"must hold at most {MostHeaders} headers, not {Headers.Count}"));
        for (var i = 0; i < Headers.Count; i++)
        {
            if (Headers[i].Key.Length == 0) problems.Add(new($"headers[{i}].key", "is empty"));
            if (Headers[i].Value is { } value) Templates.Sample(value, $"headers[{i}].value", problems);
            else problems.Add(new($"headers[{i}].value", "is missing"));
        }

        foreach (var (key, value) in ClientProperties)
            if (KafkaProperties.Check(key, value) is { } wrong) problems.Add(new($"clientProperties.{key}", wrong));
        if (Property("bootstrap.servers") is null) problems.Add(new("clientProperties", "has no bootstrap.servers; for example bootstrap.servers: broker1:9092,broker2:9092"));
        if (Property("sasl.mechanism") is not null && Property("security.protocol") is not ("SASL_SSL" or "SASL_PLAINTEXT"))
            problems.Add(new("clientProperties.sasl.mechanism", "has no meaning without security.protocol: SASL_SSL"));
        return problems;
    }

    public string? Property(string key)
    {
        foreach (var (name, value) in ClientProperties)
            if (name == key) return value;
        return null;
    }
}
