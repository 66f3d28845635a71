using System.Text.Json.Serialization;
using Millrace.Contracts.Flows;

namespace Millrace.Storage.Documents;

/// <summary>One saved checkpoint as it stands in the journal.</summary>
/// <param name="Key">Flow and partition.</param>
/// <param name="Offset">-1 where it was removed.</param>
/// <param name="Counts">Zeros are left out.</param>
internal readonly record struct CheckpointEntry(string Key, long Offset, FlowCounts Counts)
{
    private const long Gone = -1;

    public static CheckpointEntry Removed(string key) => new(key, Gone, default);

    [JsonIgnore]
    public Checkpoint? Checkpoint => Offset == Gone ? null : new Checkpoint(Offset, Counts);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(List<CheckpointEntry>))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
