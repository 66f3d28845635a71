using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Millrace.Gateway.Connections;
using Millrace.Gateway.Listening;

namespace Millrace.Gateway.Kestrel;

/// <summary>Drives a session over a connection of Kestrel's: TCP, or TLS on it.</summary>
public sealed class MqttConnectionHandler(Broker broker, ListenerOptions listener) : ConnectionHandler
{
    /// <inheritdoc/>
    public override Task OnConnectedAsync(ConnectionContext connection)
    {
        var features = connection.Features;
        var peer = new Peer(
            PeerAddress.Of(connection.RemoteEndPoint) ?? connection.ConnectionId, listener, features.Get<ITlsConnectionFeature>()?.ClientCertificate);
        var transport = new PipeTransport(connection.Transport, why => connection.Abort(new ConnectionAbortedException(why)));
        return MqttLoop.RunAsync(broker, transport, peer, features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default);
    }
}
