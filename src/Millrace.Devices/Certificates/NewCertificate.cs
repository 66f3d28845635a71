namespace Millrace.Devices.Certificates;

/// <summary>A certificate made here.</summary>
/// <param name="Certificate">As it is registered.</param>
/// <param name="PrivateKeyPem">PKCS#8. It is not kept: this is the only time it can be had.</param>
public sealed record NewCertificate(DeviceCertificate Certificate, string PrivateKeyPem);
