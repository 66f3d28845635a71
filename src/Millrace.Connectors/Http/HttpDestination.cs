using System.Text.Json.Serialization;

namespace Millrace.Connectors.Http;

/// <summary>A confirmation URL, and whether whoever is there has agreed to be sent to.</summary>
public sealed record HttpDestination
{
    public required string Arn { get; init; }

    public required string Url { get; init; }

    /// <summary>In AWS's words: <c>IN_PROGRESS</c> or <c>ENABLED</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Proves to us that it is the one at that URL who agrees. Told to nobody else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    /// <summary>When it was last asked; null: it could not be yet.</summary>
    public DateTimeOffset? Asked { get; init; }
}
