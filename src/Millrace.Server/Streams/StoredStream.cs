using System.Text.Json.Serialization;
using Millrace.Contracts;
using Millrace.Server.Pipeline;

namespace Millrace.Server.Streams;

/// <summary>How a stream is kept as a document.</summary>
internal sealed record StoredStream(int Partitions, long RetentionMs, long? MaxBytes, long MaxRecordSize)
{
    public static StoredStream Of(StreamOptions stream) =>
        new(stream.Partitions, (long)stream.Retention.TotalMilliseconds, stream.MaxBytes?.Bytes, stream.MaxRecordSize.Bytes);

    public StreamOptions ToOptions(string name) => new(name)
    {
        Partitions = Partitions,
        Retention = TimeSpan.FromMilliseconds(RetentionMs),
        MaxBytes = MaxBytes is { } most ? new ByteSize(most) : null,
        MaxRecordSize = new ByteSize(MaxRecordSize),
    };
}

/// <summary>How far a named consumer is, as a document.</summary>
/// <param name="Positions">By partition: the next record to read.</param>
/// <param name="Progress">By partition: when its position was set last.</param>
internal sealed record StoredConsumer(SortedDictionary<int, long> Positions, SortedDictionary<int, DateTimeOffset> Progress);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoredStream))]
[JsonSerializable(typeof(StoredConsumer))]
internal sealed partial class StreamJson : JsonSerializerContext;
