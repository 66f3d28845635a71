using Millrace.Devices.Certificates;

namespace Millrace.Server.Api;

/// <summary>All registered certificates.</summary>
public sealed record CertificatesAnswer(IReadOnlyList<DeviceCertificate> Certificates);
