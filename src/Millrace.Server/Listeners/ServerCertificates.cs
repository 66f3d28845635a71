using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Millrace.Contracts;

namespace Millrace.Server.Listeners;

/// <summary>What listeners show: from files, each pair of them read once, or issued by our own authority.</summary>
/// <param name="issue">A certificate with its key for names and addresses.</param>
/// <param name="clock">Files are looked at again by it.</param>
/// <param name="logger">Told of files that change.</param>
internal sealed class ServerCertificates(Func<IReadOnlyList<string>, X509Certificate2> issue, TimeProvider clock, ILogger logger) : IDisposable
{
    private readonly Dictionary<(string Certificate, string Key), CertificateFiles> _files = [];

    /// <returns>The certificate as it is at each moment.</returns>
    /// <exception cref="FaultException">There is none.</exception>
    public Func<SslStreamCertificateContext> Of(ListenerDeclaration listener)
    {
        try
        {
            return listener.Tls is { Certificate: { } certificate, Key: { } key } ? FromFiles(certificate, key) : Issued(listener);
        }
        catch (FaultException wrong)
        {
            throw new FaultException(wrong.Fault, $"Listener {listener.Options.Name} cannot start: {wrong.Message}", wrong);
        }
    }

    public void Dispose()
    {
        foreach (var files in _files.Values) files.Dispose();
    }

    private Func<SslStreamCertificateContext> FromFiles(string certificate, string key)
    {
        if (!_files.TryGetValue((certificate, key), out var files))
            _files.Add((certificate, key), files = new CertificateFiles(certificate, key, ReadFile, clock, logger));
        return () => files.Current;
    }

    private Func<SslStreamCertificateContext> Issued(ListenerDeclaration listener)
    {
        var address = listener.Address.Address;
        var isAny = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
        string[] names = [.. listener.Tls.Names, isAny ? Dns.GetHostName() : address.ToString()];
        var context = SslStreamCertificateContext.Create(issue(names), additionalCertificates: null, offline: true);
        return () => context;
    }

    private static byte[] ReadFile(string path)
    {
        using var file = File.OpenRead(path);
        return Cli.CliContext.ReadAtMost(file, CertificateFiles.MaxBytes);
    }
}
