using Millrace.Devices.Certificates;

namespace Millrace.Devices.Documents;

/// <summary>A registered certificate; its key is its id.</summary>
internal sealed record CertificateDocument : CredentialDocument
{
    public required byte[] Der { get; init; }

    public required CertificateStatus Status { get; init; }

    public IReadOnlyList<string> Things { get; init; } = [];
}
