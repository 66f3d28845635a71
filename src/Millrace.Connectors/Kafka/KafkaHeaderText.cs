using Millrace.Contracts.Flows;

namespace Millrace.Connectors.Kafka;

/// <summary>A header of a message, made for each record.</summary>
public readonly record struct KafkaHeaderText(string Key, IRecordText Value);
