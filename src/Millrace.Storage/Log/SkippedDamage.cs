using System.Text.Json.Serialization;

namespace Millrace.Storage.Log;

/// <summary>A line of the file <c>skipped.json</c> of a partition: what an operator had readers pass over.</summary>
internal sealed record SkippedDamage(
    [property: JsonPropertyName("file")] string File,
    [property: JsonPropertyName("byte")] long Position,
    [property: JsonPropertyName("from")] long From,
    [property: JsonPropertyName("to")] long To,
    [property: JsonPropertyName("toByte")] long ToPosition,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("at")] DateTimeOffset At);
