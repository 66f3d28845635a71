using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Millrace.Gateway.Epoll;

/// <summary>
/// MQTT over plain TCP on Linux, without a thread switch between a packet and its answer: each connection belongs to one of a few threads, which waits
/// for its sockets with epoll and does all that they bring.
/// </summary>
public sealed class EpollListener : IAsyncDisposable
{
    // The system cuts it to net.core.somaxconn. Devices that all come back at once after an outage should wait here, and not in their own time-outs.
    private const int Backlog = 4096;
    private const int LeastBacklog = 16;
    private const int SecondsInBacklog = 5;

    private const int MostThreads = 16;

    private readonly Broker _broker;
    private readonly ListenerOptions _options;
    private readonly int _threads;
    private EpollLoop[] _loops = [];
    private Acceptor? _acceptor;

    /// <param name="broker">Outlives the listener.</param>
    /// <param name="options">Without problems.</param>
    /// <param name="endpoint">Port 0 takes a free one.</param>
    /// <param name="threads">0: one for each processor, up to 16.</param>
    public EpollListener(Broker broker, ListenerOptions options, IPEndPoint endpoint, int threads = 0)
    {
        if (options.Check().FirstOrDefault() is { } problem) throw new ArgumentException(problem.ToString(), nameof(options));
        (_broker, _options, EndPoint) = (broker, options, endpoint);
        _threads = threads > 0 ? threads : Math.Min(Environment.ProcessorCount, MostThreads);
    }

    /// <summary>Whether this machine has what it takes: Linux, on a processor whose layout of structures is known here.</summary>
    public static bool IsSupported { get; } =
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>From <see cref="Start"/> on with the port it was given.</summary>
    public IPEndPoint EndPoint { get; private set; }

    /// <exception cref="IOException">The address is in use, or not this machine's.</exception>
    public void Start()
    {
        var socket = Listen();
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
        _loops = [.. Enumerable.Range(0, _threads).Select(i => new EpollLoop($"millrace {_options.Name} {i}", _broker))];
        _acceptor = new Acceptor(_broker, _options, socket, _loops);
        _acceptor.Post(Errands.Start);
    }

    /// <summary>Takes no more connections, tells those that are open that the server goes, and closes them when they have been told.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_acceptor is null) return;
        await _acceptor.StopAsync().ConfigureAwait(false);
        await Task.WhenAll(_loops.Select(static loop => loop.StopAsync())).ConfigureAwait(false);
    }

    private Socket Listen()
    {
        var socket = new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (EndPoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;

            // Linux hands it down to what is accepted.
            socket.NoDelay = true;
            socket.Blocking = false;
            socket.Bind(EndPoint);

            // Who must wait for a turn waits there; where it is full, the system turns away.
            var most = (_options.MaxConnectRate ?? (long)Backlog) * SecondsInBacklog;
            socket.Listen((int)Math.Clamp(most, LeastBacklog, Backlog));
            return socket;
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            throw new IOException($"{EndPoint}: {refused.Message}.", refused);
        }
    }
}
