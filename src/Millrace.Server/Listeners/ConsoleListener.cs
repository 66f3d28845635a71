using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Millrace.Server.Listeners;

/// <summary>Takes connections to the console's endpoint: the first ones get a thread each, more share the threads of the pool.</summary>
/// <param name="socket">Listens; owned by this.</param>
/// <param name="pool">Memory for connections; owned by this.</param>
/// <param name="others">Makes connections without a thread; owned by this.</param>
internal sealed class ConsoleListener(Socket socket, MemoryPool<byte> pool, SocketConnectionContextFactory others) : IConnectionListener
{
    /// <summary>Programs and pages keep a handful of connections each.</summary>
    internal const int MostThreads = 64;

    private int _threads;

    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Socket? accepted = null;
            try
            {
                accepted = await socket.AcceptAsync(cancellationToken);
                accepted.NoDelay = true;
                return Connected(accepted);
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException ended) when (ended.SocketErrorCode == SocketError.OperationAborted)
            {
                return null;
            }
            catch (SocketException)
            {
                // Whoever wanted to connect is gone already.
                accepted?.Dispose();
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        socket.Dispose();
        return default;
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        others.Dispose();
        pool.Dispose();
        return default;
    }

    private ConnectionContext Connected(Socket accepted)
    {
        if (Volatile.Read(ref _threads) >= MostThreads) return others.Create(accepted);
        var connection = new ConsoleConnection(accepted, pool, () => Interlocked.Decrement(ref _threads));
        Interlocked.Increment(ref _threads);
        connection.Start();
        return connection;
    }
}
