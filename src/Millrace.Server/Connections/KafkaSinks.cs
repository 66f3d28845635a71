using Millrace.Connectors.Kafka;
using Millrace.Connectors.Lanes;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Flows;
using Millrace.Flows.Options;

namespace Millrace.Server.Connections;

/// <summary>Makes Kafka sinks of options.</summary>
internal static class KafkaSinks
{
    /// <summary>After it a message counts as failed, and the flow tries from its checkpoint on. Shorter than the client's own, for whoever stops the server.</summary>
    private const string DeliveryTimeout = "10000";

    public static ISink Create(KafkaSinkOptions options, SinkPlace place, LaneMemories memories)
    {
        var target = new KafkaTarget
        {
            Topic = place.Text(options.Topic),
            Key = options.Key is { } key ? place.Text(key) : null,
            Partition = options.Partition is { } partition ? place.Text(partition) : null,
            Headers = [.. options.Headers.Select(header => new KafkaHeaderText(header.Key, place.Text(header.Value!)))],
            Properties = [.. PropertiesOf(options, place)],
            Servers = options.Servers,
        };
        return new KafkaSink(target, memories.Of(options, place.Key));
    }

    /// <exception cref="FaultException">Refused: a flow goes to Kafka, and the client's library is not on this machine.</exception>
    public static void NeedLibrary(IEnumerable<FlowOptions> flows)
    {
        if (flows.Any(static flow => flow.Sinks.Any(static sink => sink is KafkaSinkOptions) || flow.ErrorSink is KafkaSinkOptions)) NativeKafka.Need();
    }

    private static Dictionary<string, string> PropertiesOf(KafkaSinkOptions options, SinkPlace place)
    {
        var isIdempotent = options.Property("acks") is null or "all" or "-1";
        var properties = new Dictionary<string, string>
        {
            // AWS's defaults; but for the acknowledgement of all replicas, without which a message can be lost, or overtaken by the next.
            ["security.protocol"] = "SSL",
            ["acks"] = "all",
            ["enable.idempotence"] = isIdempotent ? "true" : "false",
            ["enable.gapless.guarantee"] = isIdempotent ? "true" : "false",
            ["message.timeout.ms"] = DeliveryTimeout,

            // As Java's client spreads keys, so that a key finds the partition it has on AWS.
            ["partitioner"] = "murmur2_random",
            ["client.id"] = $"millrace-{place.Key}",
        };
        if (!isIdempotent) properties["max.in.flight.requests.per.connection"] = "1";
        foreach (var (key, value) in options.ClientProperties)
            if (KafkaProperties.NativeName(key) is { } name) properties[name] = SecretText.IsReference(value) ? Secrets.Find(value, place)! : value;
        return properties;
    }
}
