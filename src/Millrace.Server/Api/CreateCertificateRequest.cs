namespace Millrace.Server.Api;

/// <summary>A certificate for a thing.</summary>
/// <param name="Thing">Becomes the common name, and the certificate is attached to it.</param>
/// <param name="Rsa">A key of 2048 bits in place of ECDSA on P-256.</param>
/// <param name="Days">How long it lasts; null: ten years.</param>
/// <param name="Policies">Null: <c>device</c>, which lets it connect as the thing, publish and subscribe.</param>
public sealed record CreateCertificateRequest(string Thing, bool Rsa = false, int? Days = null, IReadOnlyList<string>? Policies = null);
