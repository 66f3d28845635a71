using Millrace.Devices.Certificates;

namespace Millrace.Server.Api;

/// <summary>A certificate made elsewhere.</summary>
/// <param name="CertificatePem">Without its key.</param>
/// <param name="Things">It is attached to these.</param>
/// <param name="Policies">Null: <c>device</c>, which needs a thing.</param>
/// <param name="Status">ACTIVE or INACTIVE.</param>
public sealed record RegisterCertificateRequest(
    string CertificatePem, IReadOnlyList<string>? Things = null, IReadOnlyList<string>? Policies = null, CertificateStatus Status = CertificateStatus.Active);
