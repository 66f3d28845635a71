using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Millrace.Contracts;

namespace Millrace.Server.Listeners;

/// <summary>A server certificate in two PEM files, looked at again every few seconds: who renews them need not restart anything.</summary>
internal sealed partial class CertificateFiles : IDisposable
{
    public const int MaxBytes = 1 << 20;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly (string Certificate, string Key) _paths;
    private readonly Func<string, byte[]> _read;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private Content? _used;
    private Content? _broken;
    private bool _wasTold;
    private int _isLooking;
    private volatile SslStreamCertificateContext _current = null!;

    /// <param name="certificate">Path of the certificate's file.</param>
    /// <param name="key">Path of its key's file.</param>
    /// <param name="read">Reads a file, at most one byte more than <see cref="MaxBytes"/>.</param>
    /// <param name="clock">Looks again by it.</param>
    /// <param name="logger">Told of new certificates and of those that cannot be used.</param>
    /// <exception cref="FaultException">Refused: these files are no certificate with its key.</exception>
    public CertificateFiles(string certificate, string key, Func<string, byte[]> read, TimeProvider clock, ILogger logger)
    {
        (_paths, _read, _logger) = ((certificate, key), read, logger);
        var (content, wrong) = Read();
        if (content is null || !TryUse(content, out wrong)) throw new FaultException(Fault.Refused, wrong!);
        _timer = clock.CreateTimer(static files => ((CertificateFiles)files!).Look(), this, Interval, Interval);
    }

    /// <summary>For new connections. Those that are open keep theirs.</summary>
    public SslStreamCertificateContext Current => _current;

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        if (Interlocked.Exchange(ref _isLooking, 1) == 1) return;
        var (content, wrong) = Read();
        if (content is not null && content == _used)
        {
            _broken = null;
        }
        else if (content is null || !TryUse(content, out wrong))
        {
            // Two files are not replaced at one moment: only what looks the same twice is told of, and once.
            var isSame = content == _broken;
            if (isSame && !_wasTold) LogKept(_logger, wrong!);
            (_broken, _wasTold) = (content, isSame);
        }
        else
        {
            LogReplaced(_logger, _paths.Certificate, _current.TargetCertificate.Subject, _current.TargetCertificate.NotAfter.ToUniversalTime());
        }

        Volatile.Write(ref _isLooking, 0);
    }

    private (Content? Content, string? Wrong) Read()
    {
        var path = _paths.Certificate;
        try
        {
            var certificate = _read(path);
            path = _paths.Key;
            var key = _read(path);
            return certificate.Length > MaxBytes || key.Length > MaxBytes
                ? (null, $"{_paths.Certificate} or {_paths.Key} is larger than {MaxBytes >> 20} MiB")
                : (new Content(Encoding.UTF8.GetString(certificate), Encoding.UTF8.GetString(key)), null);
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            return (null, $"the server certificate cannot be read from {path}: {cannot.Message}");
        }
    }

    private bool TryUse(Content content, out string? wrong)
    {
        try
        {
            var own = X509Certificate2.CreateFromPem(content.Certificate, content.Key);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(content.Certificate);
            chain.RemoveAt(0);
            _current = SslStreamCertificateContext.Create(own, chain, offline: true);
            (_used, _broken, wrong) = (content, null, null);
            return true;
        }
        catch (Exception failed) when (failed is CryptographicException or ArgumentException)
        {
            wrong = $"{_paths.Certificate} and {_paths.Key} are not a certificate and its key in PEM, unencrypted: {failed.Message}";
            return false;
        }
    }

    [LoggerMessage(EventId = 420, Level = LogLevel.Information,
        Message = "{Path} has changed: new connections are shown {Subject}, valid until {End:yyyy-MM-dd}.")]
    private static partial void LogReplaced(ILogger logger, string path, string subject, DateTime end);

    [LoggerMessage(EventId = 421, Level = LogLevel.Error, Message = "New connections are shown the certificate from before: {Wrong}")]
    private static partial void LogKept(ILogger logger, string wrong);

    private sealed record Content(string Certificate, string Key);
}
