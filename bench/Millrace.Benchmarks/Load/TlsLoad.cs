using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Millrace.Benchmarks.Load;

/// <summary>Publishers over TLS, each a loop of its own: write what it may, read what came.</summary>
internal sealed class TlsLoad : ILoad
{
    private const int ProgressEvery = 1000;

    private readonly LoadOptions _options;
    private readonly Action<long> _progress;
    private readonly X509Certificate2 _server;
    private readonly List<(Publisher Client, SslStream Tls)> _connections = [];

    // The loops run on any thread; what their clients share is guarded by the lock.
    private readonly Lock _gate = new();
    private readonly LoadTally _tally = new();
    private readonly TimeText _time = new();
    private long _reported;

    public TlsLoad(LoadOptions options, Action<long> progress)
    {
        _options = options;
        _progress = progress;
        _server = X509CertificateLoader.LoadCertificateFromFile(options.Certificate!);
    }

    public void Connect(CancellationToken stop)
    {
        for (var i = 0; i < _options.Shape.Connections; i++)
        {
            stop.ThrowIfCancellationRequested();
            var client = new Publisher(i, _options.Shape.Window, _options.Qos, _tally);
            try
            {
                var tls = Open();
                _connections.Add((client, tls));
                tls.AuthenticateAsClient(new SslClientAuthenticationOptions { TargetHost = "localhost" });
                client.Introduce(tls);
            }
            catch (Exception e) when (e is IOException or SocketException or AuthenticationException)
            {
                throw client.Lost($"{_options.Connect}: {e.Message}");
            }
        }
    }

    public async Task<LoadLine> RunAsync(CancellationToken stop)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var startNs = _tally.ReadClock();
        await Task.WhenAll(_connections.Select(c => RunAsync(c.Client, c.Tls, stop)));
        return LoadLine.Of(_tally, startNs, Environment.CpuUsage.TotalTime - cpu);
    }

    public void Dispose()
    {
        foreach (var (_, tls) in _connections) tls.Dispose();
        _server.Dispose();
    }

    private SslStream Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(_options.Connect);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        // One certificate is right: the one that was made for this run.
        return new SslStream(
            new NetworkStream(socket, ownsSocket: true),
            leaveInnerStreamOpen: false,
            (_, certificate, _, _) => certificate?.GetCertHashString() == _server.GetCertHashString());
    }

    private async Task RunAsync(Publisher client, SslStream tls, CancellationToken stop)
    {
        while (Fill(client))
        {
            try
            {
                if (client.Outgoing is { Length: > 0 } bytes)
                {
                    await tls.WriteAsync(bytes, stop);
                    client.Sent(bytes.Length);
                }

                var count = await tls.ReadAsync(client.Incoming, stop);
                if (count == 0) throw client.Lost("the server closed the connection");
                Take(client, count);
            }
            catch (IOException e)
            {
                throw client.Lost(e.Message);
            }
        }
    }

    /// <returns>False where nothing is to be sent, or to be waited for.</returns>
    private bool Fill(Publisher client)
    {
        lock (_gate)
        {
            var now = _tally.ReadClock();
            while (client.HasRoom && _tally.Sent < _options.Messages) client.Publish(now, _time);
            client.EndBatch();
            return client.Outgoing.Length > 0 || client.IsWaiting;
        }
    }

    private void Take(Publisher client, int count)
    {
        lock (_gate)
        {
            _tally.ReadClock();
            client.Received(count);
            if (_tally.Acknowledged - _reported < ProgressEvery) return;
            _reported = _tally.Acknowledged;
            _progress(_reported);
        }
    }
}
