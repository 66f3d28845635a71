using Millrace.Devices.Certificates;

namespace Millrace.Server.Api;

/// <summary>A certificate made just now, with all that a device needs to use it.</summary>
/// <param name="Certificate">As it is registered.</param>
/// <param name="PrivateKeyPem">It is not kept: this is the only time it can be had.</param>
/// <param name="AuthorityPem">What the device must trust to know the server.</param>
/// <param name="Listeners">Where it can connect with it, as <c>mqtts://127.0.0.1:8883</c>.</param>
public sealed record CreatedCertificateAnswer(DeviceCertificate Certificate, string PrivateKeyPem, string AuthorityPem, IReadOnlyList<string> Listeners);
