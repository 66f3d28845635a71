using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Millrace.Server.Listeners;

/// <summary>Sockets of the console's endpoint, for Kestrel.</summary>
/// <param name="options">For connections that get no thread of their own.</param>
/// <param name="pools">Memory for what is read and written.</param>
/// <param name="loggers">For the same connections.</param>
internal sealed class ConsoleTransport(IOptions<SocketTransportOptions> options, IMemoryPoolFactory<byte> pools, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is ConsoleEndPoint;

    /// <exception cref="AddressInUseException">It is.</exception>
    /// <exception cref="SocketException">It is not this machine's.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = Bound(endpoint);
        socket.Listen(options.Value.Backlog);
        var others = new SocketConnectionContextFactory(
            new SocketConnectionFactoryOptions { WaitForDataBeforeAllocatingBuffer = true, UnsafePreferInlineScheduling = true }, loggers.CreateLogger<ConsoleTransport>());
        return ValueTask.FromResult<IConnectionListener>(new ConsoleListener(socket, pools.Create(), others));
    }

    private static Socket Bound(EndPoint endpoint)
    {
        try
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(taken.Message, taken);
        }
    }
}
