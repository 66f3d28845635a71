namespace Millrace.Devices.Certificates;

/// <summary>A registered certificate.</summary>
/// <param name="Id">SHA-256 of its DER in hexadecimal, as AWS has it.</param>
/// <param name="Status">Only an active one lets anybody in.</param>
/// <param name="Things">It is attached to these: names they connect under.</param>
/// <param name="Policies">What its holder may do.</param>
/// <param name="Subject">Whom it names.</param>
/// <param name="Issuer">Who signed it, which decides nothing here.</param>
/// <param name="NotBefore">It is valid from then on.</param>
/// <param name="NotAfter">It is valid until then.</param>
/// <param name="Registered">When it became known here.</param>
/// <param name="Pem">The certificate itself.</param>
public sealed record DeviceCertificate(
    string Id,
    CertificateStatus Status,
    IReadOnlyList<string> Things,
    IReadOnlyList<string> Policies,
    string Subject,
    string Issuer,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    DateTimeOffset Registered,
    string Pem);
