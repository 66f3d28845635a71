namespace Millrace.Devices.Documents;

/// <summary>An API token; its key is the SHA-256 of its text, which is all of it that is kept.</summary>
internal sealed record TokenDocument : CredentialDocument
{
    public required string Name { get; init; }

    public DateTimeOffset? Expires { get; init; }
}
