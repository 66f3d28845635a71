using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Millrace.Contracts;
using Millrace.Devices.Connecting;
using Millrace.Devices.Documents;
using Millrace.Devices.Policies;

namespace Millrace.Devices.Certificates;

/// <summary>The certificates that devices may show: being registered and active is what counts, not who signed.</summary>
/// <remarks>Any thread may call; a change ends when it is safe on disk.</remarks>
public sealed class CertificateRegistry
{
    private const int LongestPem = 16 * 1024;
    private const int MaxThings = 10;

    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(36_500);

    private readonly CredentialCollection<CertificateDocument> _certificates;
    private readonly Lazy<CertificateAuthority> _authority;
    private readonly TimeProvider _clock;

    internal CertificateRegistry(CredentialCollection<CertificateDocument> certificates, Lazy<CertificateAuthority> authority, TimeProvider clock) =>
        (_certificates, _authority, _clock) = (certificates, authority, clock);

    /// <summary>How long a certificate made here lasts unless something else is asked for.</summary>
    public static TimeSpan UsualLifetime { get; } = TimeSpan.FromDays(3652);

    /// <summary>What devices must trust to know this server.</summary>
    /// <exception cref="FaultException">As for <see cref="CertificateAuthority.Open"/>.</exception>
    public string AuthorityPem => _authority.Value.Pem;

    public DeviceCertificate? Find(string id) => _certificates.Find(id) is { } found ? ViewOf(id, found) : null;

    /// <summary>In order of their ids.</summary>
    public IReadOnlyList<DeviceCertificate> List() => [.. _certificates.List().Select(static found => ViewOf(found.Key, found.Document))];

    /// <summary>Makes a key and a certificate for it, active and attached to a thing.</summary>
    /// <exception cref="FaultException">Refused: something asked for is not right.</exception>
    public async Task<NewCertificate> CreateAsync(string thing, KeyKind kind, TimeSpan lifetime, IReadOnlyList<string> policies)
    {
        Names.CheckThing(thing);
        if (lifetime < TimeSpan.FromDays(1) || lifetime > LongestLifetime)
            throw new FaultException(Fault.Refused, $"a certificate lasts from 1 to {LongestLifetime.TotalDays:0} days");
        var issued = await Task.Run(() => _authority.Value.IssueDevice(thing, kind, lifetime)).ConfigureAwait(false);
        var certificate = await AddAsync(issued.CertificatePem, CertificateStatus.Active, [thing], policies).ConfigureAwait(false);
        return new NewCertificate(certificate, issued.PrivateKeyPem);
    }

    /// <summary>Registers a certificate made elsewhere, by any authority or by itself.</summary>
    /// <exception cref="FaultException">Refused: it is no certificate, is known already, or something else asked for is not right.</exception>
    public Task<DeviceCertificate> RegisterAsync(string pem, IReadOnlyList<string> things, IReadOnlyList<string> policies, CertificateStatus status)
    {
        if (pem.Length > LongestPem) throw new FaultException(Fault.Refused, $"the certificate is longer than {LongestPem} characters");
        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
            throw new FaultException(Fault.Refused, "there is a private key beside the certificate; it is the device's alone: send the certificate without it");
        if (status is not (CertificateStatus.Active or CertificateStatus.Inactive))
            throw new FaultException(Fault.Refused, "a certificate is registered as ACTIVE or INACTIVE");
        return AddAsync(pem, status, things, policies);
    }

    /// <summary>Unless the new status is active, connections made with it end.</summary>
    /// <returns>Null where there is no such certificate.</returns>
    /// <exception cref="FaultException">Refused: what is revoked stays so.</exception>
    public async Task<DeviceCertificate?> SetStatusAsync(string id, CertificateStatus status)
    {
        if (status == CertificateStatus.PendingActivation) throw new FaultException(Fault.Refused, "a certificate cannot be set back to PENDING_ACTIVATION");
        var changed = await _certificates.ChangeAsync(
            id,
            document =>
                document.Status == status ? document
                : document.Status == CertificateStatus.Revoked ? throw new FaultException(Fault.Refused, "a revoked certificate stays so: make a new one")
                : document with { Status = status },
            ends: true).ConfigureAwait(false);
        return ViewOf(id, changed);
    }

    /// <returns>False where there is no such certificate.</returns>
    /// <exception cref="FaultException">Refused: it is active.</exception>
    public Task<bool> RemoveAsync(string id) => _certificates.RemoveAsync(id, static document =>
    {
        if (document.Status == CertificateStatus.Active) throw new FaultException(Fault.Refused, "the certificate is active: revoke or deactivate it first");
    });

    /// <returns>Null where there is no such certificate.</returns>
    /// <exception cref="FaultException">Refused: there is no such policy.</exception>
    public async Task<DeviceCertificate?> AttachAsync(string id, string policy) =>
        ViewOf(id, await _certificates.AttachAsync(id, policy).ConfigureAwait(false));

    /// <returns>Null where there is no such certificate.</returns>
    /// <exception cref="FaultException">Refused: it is not attached.</exception>
    public async Task<DeviceCertificate?> DetachAsync(string id, string policy) =>
        ViewOf(id, await _certificates.DetachAsync(id, policy).ConfigureAwait(false));

    /// <returns>Null where there is no such certificate.</returns>
    /// <exception cref="FaultException">Refused: the name is none, or there are too many.</exception>
    public async Task<DeviceCertificate?> AttachThingAsync(string id, string thing)
    {
        var changed = await _certificates.ChangeAsync(
            id,
            document => document.Things.Contains(thing, StringComparer.Ordinal)
                ? document
                : document with { Things = CheckThings([.. document.Things, thing]) },
            ends: false).ConfigureAwait(false);
        return ViewOf(id, changed);
    }

    /// <returns>Null where there is no such certificate.</returns>
    /// <exception cref="FaultException">Refused: it is not attached.</exception>
    public async Task<DeviceCertificate?> DetachThingAsync(string id, string thing)
    {
        var changed = await _certificates.ChangeAsync(
            id,
            document => document.Things.Contains(thing, StringComparer.Ordinal)
                ? document with { Things = [.. document.Things.Where(name => name != thing)] }
                : throw new FaultException(Fault.Refused, $"the thing {thing} is not attached"),
            ends: false).ConfigureAwait(false);
        return ViewOf(id, changed);
    }

    /// <summary>As AWS has it.</summary>
    internal static string IdOf(ReadOnlySpan<byte> der) => Convert.ToHexStringLower(SHA256.HashData(der));

    internal Principal? Principal(string id) => _certificates.Principal(id, static (id, document) =>
    {
        using var certificate = X509CertificateLoader.LoadCertificate(document.Der);
        return new Principal(id, CredentialCollection<CertificateDocument>.AttachmentsOf(document))
        {
            Certificate = new CertificateNames(certificate),
            Unusable = document.Status switch
            {
                CertificateStatus.Active => null,
                CertificateStatus.Inactive => "the certificate is inactive; millrace certs activate lets it in",
                CertificateStatus.Revoked => "the certificate is revoked",
                _ => "the certificate waits for its activation; millrace certs activate lets it in",
            },
        };
    });

    private static IReadOnlyList<string> CheckThings(IReadOnlyList<string> things)
    {
        foreach (var thing in things) Names.CheckThing(thing);
        return things.Count <= MaxThings ? things : throw new FaultException(Fault.Refused, $"a certificate is attached to at most {MaxThings} things");
    }

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(document))]
    private static DeviceCertificate? ViewOf(string id, CertificateDocument? document)
    {
        if (document is null) return null;
        using var certificate = X509CertificateLoader.LoadCertificate(document.Der);
        return new DeviceCertificate(
            id, document.Status, document.Things, document.Policies, certificate.Subject, certificate.Issuer, certificate.NotBefore.ToUniversalTime(),
            certificate.NotAfter.ToUniversalTime(), document.Created, certificate.ExportCertificatePem() + "\n");
    }

    private async Task<DeviceCertificate> AddAsync(string pem, CertificateStatus status, IReadOnlyList<string> things, IReadOnlyList<string> policies)
    {
        byte[] der;
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            der = certificate.RawData;
        }
        catch (CryptographicException wrong)
        {
            throw new FaultException(Fault.Refused, $"this is no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----: {wrong.Message}", wrong);
        }

        var id = IdOf(der);
        var document = new CertificateDocument
        {
            Der = der,
            Status = status,
            Created = _clock.GetUtcNow(),
            Things = CheckThings([.. things.Distinct(StringComparer.Ordinal)]),
            Policies = policies,
        };
        return await _certificates.AddAsync(id, document).ConfigureAwait(false)
            ? ViewOf(id, document)
            : throw new FaultException(Fault.Refused, $"the certificate {id} is registered already");
    }
}
