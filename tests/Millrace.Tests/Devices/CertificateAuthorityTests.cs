using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Millrace.Contracts;
using Millrace.Devices.Certificates;
using Millrace.Testing;

namespace Millrace.Tests.Devices;

/// <summary>The authority's two files are the only part of this room that touches a disk itself.</summary>
public sealed class CertificateAuthorityTests : IDisposable
{
    private static readonly ManualClock Clock = new();

    private readonly string _directory = Path.Combine(Directory.CreateTempSubdirectory("millrace-test-").FullName, "ca");

    [Fact]
    public void It_is_made_once_and_found_again()
    {
        string made;
        using (var first = CertificateAuthority.Open(_directory, Clock)) made = first.Pem;
        using var again = CertificateAuthority.Open(_directory, Clock);
        Assert.Equal(made, again.Pem);
        Assert.Equal(made, File.ReadAllText(Path.Combine(_directory, "ca.pem")));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_directory, "ca.key")));
    }

    [Theory]
    [InlineData("ca.key", null)]
    [InlineData("ca.key", "garbage")]
    [InlineData("ca.pem", "garbage")]
    [InlineData("ca.pem", "")]
    public void Files_that_are_no_authority_are_named(string file, string? text)
    {
        CertificateAuthority.Open(_directory, Clock).Dispose();
        var path = Path.Combine(_directory, file);
        if (text is null) File.Delete(path);
        else File.WriteAllText(path, text);
        var fault = Assert.Throws<FaultException>(() => CertificateAuthority.Open(_directory, Clock));
        Assert.Equal(Fault.Corrupt, fault.Fault);
        Assert.Contains(file, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_of_another_certificate_is_not_taken()
    {
        CertificateAuthority.Open(_directory, Clock).Dispose();
        using (var other = ECDsa.Create(ECCurve.NamedCurves.nistP256)) File.WriteAllText(Path.Combine(_directory, "ca.key"), other.ExportPkcs8PrivateKeyPem());
        Assert.Equal(Fault.Corrupt, Assert.Throws<FaultException>(() => CertificateAuthority.Open(_directory, Clock)).Fault);
    }

    [Fact]
    public void A_listener_gets_a_certificate_for_its_names_and_the_loopback()
    {
        using var authority = CertificateAuthority.Open(_directory, Clock);
        using var certificate = authority.IssueServer(["mqtt.example.com", "192.0.2.7", "2001:db8::1", "LOCALHOST"]);
        Assert.True(certificate.HasPrivateKey);
        foreach (var name in new[] { "mqtt.example.com", "192.0.2.7", "2001:db8::1", "localhost", "127.0.0.1", "::1" })
            Assert.True(certificate.MatchesHostname(name, allowCommonName: false), name);
        Assert.False(certificate.MatchesHostname("example.com"));
        Assert.True(IsTrusted(certificate, authority, "1.3.6.1.5.5.7.3.1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("a\nb")]
    [InlineData("http://example.com")]
    public void What_is_no_name_gets_no_certificate(string name)
    {
        using var authority = CertificateAuthority.Open(_directory, Clock);
        Assert.Equal(Fault.Refused, Assert.Throws<FaultException>(() => authority.IssueServer([name])).Fault);
    }

    [Theory]
    [InlineData(KeyKind.Ecdsa)]
    [InlineData(KeyKind.Rsa)]
    public void A_device_gets_a_certificate_and_the_key_that_fits(KeyKind kind)
    {
        using var authority = CertificateAuthority.Open(_directory, Clock);
        var issued = authority.IssueDevice("thing-1", kind, TimeSpan.FromDays(30));
        using var certificate = X509Certificate2.CreateFromPem(issued.CertificatePem, issued.PrivateKeyPem);
        Assert.Equal("CN=thing-1", certificate.Subject);
        Assert.Equal(Clock.GetUtcNow().AddDays(30).UtcDateTime, certificate.NotAfter.ToUniversalTime());
        Assert.True(IsTrusted(certificate, authority, "1.3.6.1.5.5.7.3.2"));
        Assert.False(IsTrusted(certificate, authority, "1.3.6.1.5.5.7.3.1"));
    }

    [Fact]
    public void No_certificate_outlives_the_authority()
    {
        using var authority = CertificateAuthority.Open(_directory, Clock);
        using var own = X509Certificate2.CreateFromPem(authority.Pem);
        using var certificate = X509Certificate2.CreateFromPem(authority.IssueDevice("t", KeyKind.Ecdsa, TimeSpan.FromDays(36500)).CertificatePem);
        Assert.Equal(own.NotAfter, certificate.NotAfter);
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_directory)!, recursive: true);

    private static bool IsTrusted(X509Certificate2 certificate, CertificateAuthority authority, string purpose)
    {
        using var root = X509Certificate2.CreateFromPem(authority.Pem);
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                VerificationTime = Clock.GetUtcNow().UtcDateTime,
            },
        };
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(purpose));
        return chain.Build(certificate);
    }
}
