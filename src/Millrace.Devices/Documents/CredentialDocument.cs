namespace Millrace.Devices.Documents;

/// <summary>What all credentials have.</summary>
internal abstract record CredentialDocument
{
    public required DateTimeOffset Created { get; init; }

    /// <summary>Names of the policies that are attached.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];
}
