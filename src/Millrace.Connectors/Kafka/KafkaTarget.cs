using Millrace.Contracts.Flows;

namespace Millrace.Connectors.Kafka;

/// <summary>What a <see cref="KafkaSink"/> produces, and where. Checked, its secrets resolved.</summary>
public sealed record KafkaTarget
{
    public required IRecordText Topic { get; init; }

    /// <summary>Messages of one key keep their order; null: none.</summary>
    public IRecordText? Key { get; init; }

    /// <summary>A number; null: by the key.</summary>
    public IRecordText? Partition { get; init; }

    public IReadOnlyList<KafkaHeaderText> Headers { get; init; } = [];

    /// <summary>Of librdkafka, with secrets.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Properties { get; init; }

    /// <summary>As <c>broker:9092</c>, for messages.</summary>
    public required string Servers { get; init; }
}
