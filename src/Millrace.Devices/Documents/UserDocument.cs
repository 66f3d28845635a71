namespace Millrace.Devices.Documents;

/// <summary>A user; its key is the name.</summary>
internal sealed record UserDocument : CredentialDocument
{
    public required byte[] Salt { get; init; }

    public required byte[] Hash { get; init; }

    public required int Iterations { get; init; }
}
