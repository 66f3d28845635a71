using System.Net;
using System.Net.Sockets;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Load;

/// <summary>A client's plain TCP connection, which after its introduction never blocks. For one thread.</summary>
internal sealed class LoadSocket(LoadClient client) : IDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    public Socket Socket { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>The kernel did not take all; <see cref="Flush"/> again when it is writable.</summary>
    public bool IsBlocked { get; private set; }

    public void Connect(IPEndPoint server)
    {
        Socket.ReceiveTimeout = Socket.SendTimeout = (int)ConnectLimit.TotalMilliseconds;
        try
        {
            Socket.Connect(server);
            using var network = new NetworkStream(Socket, ownsSocket: false);
            client.Introduce(network);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw client.Lost($"{server}: {e.Message}");
        }

        Socket.Blocking = false;
    }

    public void Flush()
    {
        while (client.Outgoing is { Length: > 0 } bytes)
        {
            var sent = Socket.Send(bytes.Span, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
            {
                IsBlocked = true;
                return;
            }

            if (error != SocketError.Success) throw client.Lost($"sending failed: {error}");
            client.Sent(sent);
        }

        IsBlocked = false;
    }

    /// <summary>Takes what came.</summary>
    public void Receive(LoadTally tally)
    {
        var count = Socket.Receive(client.Incoming.Span, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return;
        if (error != SocketError.Success) throw client.Lost($"receiving failed: {error}");
        if (count == 0) throw client.Lost("the server closed the connection");
        tally.ReadClock();
        client.Received(count);
    }

    public void Dispose()
    {
        if (Socket.Connected) Socket.Send(MqttPackets.Disconnect, SocketFlags.None, out _);
        Socket.Dispose();
    }
}
