namespace Millrace.Devices.Certificates;

/// <summary>A new certificate and its key.</summary>
/// <param name="CertificatePem">The certificate.</param>
/// <param name="PrivateKeyPem">PKCS#8. Nobody else has it: it cannot be asked for again.</param>
internal sealed record IssuedCertificate(string CertificatePem, string PrivateKeyPem);
