using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Millrace.Contracts;

namespace Millrace.Devices.Certificates;

/// <summary>This server's own authority: signs the certificates of its listeners and of devices. Any thread may call.</summary>
public sealed class CertificateAuthority : IDisposable
{
    /// <summary>What clients of ours and of others still take from an authority that is not public.</summary>
    private static readonly TimeSpan ServerLifetime = TimeSpan.FromDays(825);

    private static readonly TimeSpan AuthorityLifetime = TimeSpan.FromDays(20 * 365.25);

    /// <summary>Clocks of devices run behind: a certificate is valid from a little before it was made.</summary>
    private static readonly TimeSpan Backdated = TimeSpan.FromHours(1);

    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly X509Certificate2 _certificate;
    private readonly ECDsa _key;
    private readonly TimeProvider _clock;

    /// <param name="certificate">Becomes the authority's.</param>
    /// <param name="key">Becomes the authority's.</param>
    /// <param name="clock">Certificates begin by it.</param>
    internal CertificateAuthority(X509Certificate2 certificate, ECDsa key, TimeProvider clock)
    {
        (_certificate, _key, _clock) = (certificate, key, clock);
        Pem = certificate.ExportCertificatePem() + "\n";
    }

    /// <summary>What those must trust who connect to this server. The certificate, not the key.</summary>
    public string Pem { get; }

    /// <summary>Reads the authority's files from a directory, and makes them at first use.</summary>
    /// <exception cref="FaultException">Corrupt: the files are there and not an authority. Unavailable: they can be neither read nor written.</exception>
    public static CertificateAuthority Open(string directory, TimeProvider clock) => AuthorityFiles.Open(directory, clock);

    /// <summary>A certificate for listeners, with its key, for localhost and all that is given.</summary>
    /// <param name="namesOrAddresses">Host names (<c>*.example.com</c> as well) and IP addresses under which clients reach the server.</param>
    /// <exception cref="FaultException">Refused: one of them is neither a name nor an address.</exception>
    public X509Certificate2 IssueServer(IReadOnlyList<string> namesOrAddresses)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var text in namesOrAddresses.Concat(["localhost", "127.0.0.1", "::1"]).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IPAddress.TryParse(text.Trim('[', ']'), out var address)) names.AddIpAddress(address);
            else if (IsHostName(text)) names.AddDnsName(text);
            else throw new FaultException(Fault.Refused, $"a certificate cannot be made for '{text}': it is neither a host name nor an IP address");
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(SubjectOf(namesOrAddresses.Count > 0 ? namesOrAddresses[0] : "localhost"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = Sign(request, ServerAuthentication, X509KeyUsageFlags.DigitalSignature, ServerLifetime);
        using var withKey = certificate.CopyWithPrivateKey(key);

        // Some platforms' TLS cannot use a key that was never in a store; read back from PKCS#12 it is in one.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>A certificate for a device, with its key, which is not kept here.</summary>
    /// <param name="thing">Becomes the common name.</param>
    /// <param name="kind">Of its key.</param>
    /// <param name="lifetime">Cut at the authority's own end.</param>
    internal IssuedCertificate IssueDevice(string thing, KeyKind kind, TimeSpan lifetime)
    {
        using AsymmetricAlgorithm key = kind == KeyKind.Rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = key is RSA rsa
            ? new CertificateRequest(SubjectOf(thing), rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(SubjectOf(thing), (ECDsa)key, HashAlgorithmName.SHA256);
        var usage = key is RSA ? X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment : X509KeyUsageFlags.DigitalSignature;
        using var certificate = Sign(request, ClientAuthentication, usage, lifetime);
        return new IssuedCertificate(certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>For the file that only its owner may read.</summary>
    internal string KeyPem() => _key.ExportPkcs8PrivateKeyPem() + "\n";

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    /// <summary>A new authority, signed by itself.</summary>
    internal static CertificateAuthority Create(ECDsa key, TimeProvider clock)
    {
        var request = new CertificateRequest(SubjectOf("Millrace CA"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var from = clock.GetUtcNow() - Backdated;
        var signer = X509SignatureGenerator.CreateForECDsa(key);
        return new CertificateAuthority(request.Create(request.SubjectName, signer, from, from + AuthorityLifetime, SerialNumber()), key, clock);
    }

    private static X500DistinguishedName SubjectOf(string commonName)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(commonName);
        return subject.Build();
    }

    private static bool IsHostName(string text) =>
        Uri.CheckHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text) == UriHostNameType.Dns && text.All(char.IsAscii);

    /// <summary>128 random bits, positive as RFC 5280 wants it.</summary>
    private static byte[] SerialNumber()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }

    private X509Certificate2 Sign(CertificateRequest request, Oid purpose, X509KeyUsageFlags usage, TimeSpan lifetime)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([purpose], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, includeIssuerAndSerial: false));

        var now = _clock.GetUtcNow();
        var end = new DateTimeOffset(_certificate.NotAfter.ToUniversalTime());
        if (now >= end)
            throw new FaultException(
                Fault.Refused,
                string.Create(CultureInfo.InvariantCulture, $"the certificate authority ended on {end:yyyy-MM-dd}; move its files away for a new one"));
        var until = end - now < lifetime ? end : now + lifetime;
        return request.Create(_certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), now - Backdated, until, SerialNumber());
    }
}
