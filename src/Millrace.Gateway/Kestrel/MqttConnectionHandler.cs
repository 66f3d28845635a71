using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Millrace.Gateway.Connections;

namespace Millrace.Gateway.Kestrel;

/// <summary>Drives a session over a connection of Kestrel's: TCP, TLS or WebSocket alike.</summary>
public sealed class MqttConnectionHandler(Broker broker, ListenerOptions listener) : ConnectionHandler
{
    /// <inheritdoc/>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var transport = new KestrelTransport(connection);
        var session = broker.Open(transport, PeerOf(connection));
        if (session is null) return;
        transport.Start(session);

        var goingDown = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        await using var closing = goingDown.UnsafeRegister(
            static session => ((Connection)session!).Close(Mqtt.ReasonCode.ServerShuttingDown), session).ConfigureAwait(false);
        try
        {
            await ReadAsync(connection, transport, session).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The far side is gone, or the transport stopped waiting for it. Either way the session ends here.
        }
        finally
        {
            session.Dispose();
            await transport.EndAsync(broker.Options.CloseTimeout, broker.Time).ConfigureAwait(false);
        }
    }

    private static async Task ReadAsync(ConnectionContext connection, KestrelTransport transport, Connection session)
    {
        var input = connection.Transport.Input;
        while (!session.IsClosed)
        {
            var read = await input.ReadAsync().ConfigureAwait(false);
            var rest = read.Buffer;
            var progress = session.Receive(ref rest);

            // What is left is looked at again with the next bytes, or at once where the session only had to wait.
            input.AdvanceTo(rest.Start, progress == Progress.NeedInput ? rest.End : rest.Start);
            if (progress == Progress.NeedRoom) await session.WaitForRoomAsync(transport.Closing).ConfigureAwait(false);
            else if (progress == Progress.NeedQuiet) await transport.ResumedAsync().ConfigureAwait(false);
            else if (progress == Progress.Closed || read.IsCompleted) return;
        }
    }

    private Peer PeerOf(ConnectionContext connection) => new(connection.RemoteEndPoint?.ToString() ?? connection.ConnectionId, listener);
}
