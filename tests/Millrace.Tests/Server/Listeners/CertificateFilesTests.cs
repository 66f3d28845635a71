using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Server.Listeners;
using Millrace.Testing;

namespace Millrace.Tests.Server.Listeners;

public sealed class CertificateFilesTests
{
    private readonly ManualClock _clock = new();
    private readonly Dictionary<string, string> _files = [];
    private readonly LoggedLines _log = new();

    [Fact]
    public void New_files_are_shown_after_a_few_seconds()
    {
        Write(Make("first"));
        using var files = Open();
        Assert.Equal("CN=first", files.Current.TargetCertificate.Subject);
        Write(Make("second"));
        Assert.Equal("CN=first", files.Current.TargetCertificate.Subject);
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("CN=second", files.Current.TargetCertificate.Subject);
        Assert.Contains("CN=second", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void A_broken_file_keeps_the_old_certificate_and_is_told_of_once(string broken)
    {
        var first = Make("first");
        Write(first);
        using var files = Open();
        Write((broken, first.Key));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("CN=first", files.Current.TargetCertificate.Subject);
        Assert.Contains("crt.pem", Assert.Single(_log.Lines), StringComparison.Ordinal);

        // Another mistake is another word; a file that is right again is taken.
        _files.Remove("key.pem");
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, _log.Lines.Count);
        Write(Make("third"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("CN=third", files.Current.TargetCertificate.Subject);
    }

    [Fact]
    public void Between_the_certificate_and_its_key_nothing_is_said()
    {
        Write(Make("first"));
        using var files = Open();
        var second = Make("second");
        _files["crt.pem"] = second.Certificate;
        _clock.Advance(TimeSpan.FromSeconds(2));
        _files["key.pem"] = second.Key;
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("CN=second", files.Current.TargetCertificate.Subject);
        Assert.Single(_log.Lines);
    }

    [Fact]
    public void The_rest_of_the_file_is_what_leads_to_the_root()
    {
        var root = Make("root", isAuthority: true);
        var middle = Make("middle", isAuthority: true, root);
        var own = Make("own", issuer: middle);
        Write((own.Certificate + middle.Certificate, own.Key));
        using var files = Open();
        Assert.Equal("CN=own", files.Current.TargetCertificate.Subject);
        Assert.Equal("CN=middle", Assert.Single(files.Current.IntermediateCertificates).Subject);
    }

    [Fact]
    public void Files_that_are_no_certificate_and_key_are_refused_at_the_start()
    {
        Assert.Contains("no such", Assert.Throws<FaultException>(Open).Message, StringComparison.Ordinal);
        var (one, other) = (Make("one"), Make("other"));
        Write((one.Certificate, other.Key));
        Assert.Contains("key.pem", Assert.Throws<FaultException>(Open).Message, StringComparison.Ordinal);
        Write((one.Key, one.Key));
        Assert.Equal(Fault.Refused, Assert.Throws<FaultException>(Open).Fault);
        Write((one.Certificate + new string('#', CertificateFiles.MaxBytes), one.Key));
        Assert.Contains("larger", Assert.Throws<FaultException>(Open).Message, StringComparison.Ordinal);
    }

    private static (string Certificate, string Key) Make(string name, bool isAuthority = false, (string Certificate, string Key)? issuer = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        if (isAuthority) request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var (from, until) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        using var signer = issuer is { } by ? X509Certificate2.CreateFromPem(by.Certificate, by.Key) : null;
        using var certificate = signer is null ? request.CreateSelfSigned(from, until) : request.Create(signer, from, until, [1, 2, 3]);
        return (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private void Write((string Certificate, string Key) pair) => (_files["crt.pem"], _files["key.pem"]) = pair;

    private CertificateFiles Open() => new("crt.pem", "key.pem", Read, _clock, _log);

    private byte[] Read(string path) =>
        _files.TryGetValue(path, out var text) ? Encoding.UTF8.GetBytes(text) : throw new FileNotFoundException("no such file");

    private sealed class LoggedLines : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
