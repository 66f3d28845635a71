namespace Millrace.Devices.Documents;

/// <summary>A policy as it was written; its key is the name.</summary>
internal sealed record PolicyDocumentRecord
{
    public required string Text { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Changed { get; init; }
}
