using Millrace.Devices.Certificates;

namespace Millrace.Server.Api;

/// <summary>ACTIVE, INACTIVE or REVOKED, which is final.</summary>
public sealed record CertificateStatusRequest(CertificateStatus Status);
