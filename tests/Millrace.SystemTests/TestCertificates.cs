using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Millrace.SystemTests;

/// <summary>An authority of the test's own, and what it signs, as PEM files in a directory.</summary>
public sealed class TestCertificates : IDisposable
{
    private readonly string _directory;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;

    public TestCertificates(string directory)
    {
        _directory = directory;
        var request = new CertificateRequest("CN=Test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(10));
        File.WriteAllText(AuthorityFile, _authority.ExportCertificatePem());
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public string AuthorityFile => PathOf("authority.pem");

    public string PathOf(string file) => Path.Combine(_directory, file);

    /// <summary>Writes <c>file.pem</c> and <c>file.key</c>, for a server at localhost or a client.</summary>
    public void Write(string file, string commonName)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_authority, Now.AddDays(-1), Now.AddDays(9), RandomNumberGenerator.GetBytes(12));
        File.WriteAllText(PathOf($"{file}.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(PathOf($"{file}.pem"), certificate.ExportCertificatePem());
    }

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }
}
