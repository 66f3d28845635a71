using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Millrace.Gateway.Connections;
using Millrace.Gateway.Listening;

namespace Millrace.Gateway.Kestrel;

/// <summary>Drives a session over a WebSocket, as section 6 of MQTT 5 has it.</summary>
public sealed class MqttWebSocketHandler(Broker broker, ListenerOptions listener)
{
    private const string Protocol = "mqtt";

    /// <summary>Answers a request for a WebSocket, and ends with the connection.</summary>
    public async Task RunAsync(HttpContext context)
    {
        var sockets = context.WebSockets;
        if (!sockets.IsWebSocketRequest)
        {
            await RefuseAsync(context, StatusCodes.Status426UpgradeRequired, "This is MQTT over WebSocket: connect with ws:// or wss://.")
                .ConfigureAwait(false);
            return;
        }

        // [MQTT-6.0.0-3] The client must offer it, [MQTT-6.0.0-4] and gets it confirmed.
        if (!sockets.WebSocketRequestedProtocols.Contains(Protocol))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "Ask for the WebSocket subprotocol mqtt.").ConfigureAwait(false);
            return;
        }

        // MQTT has its own keep-alive. Nothing is compressed: it would cost a window of memory for each client.
        using var socket = await sockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { SubProtocol = Protocol, KeepAliveInterval = Timeout.InfiniteTimeSpan }).ConfigureAwait(false);
        var goingDown = context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        await ServeAsync(socket, broker, PeerOf(context), goingDown).ConfigureAwait(false);
    }

    internal static async Task ServeAsync(WebSocket socket, Broker broker, Peer peer, CancellationToken goingDown)
    {
        var pipe = new WebSocketPipe(socket);
        var receiving = pipe.ReceiveAsync();
        await MqttLoop.RunAsync(broker, new PipeTransport(pipe, _ => socket.Abort()), peer, goingDown).ConfigureAwait(false);

        // From here on nobody reads: what still comes is dropped until the client has said goodbye too.
        await pipe.Input.CompleteAsync().ConfigureAwait(false);
        await pipe.CloseAsync(broker.Options.CloseTimeout, broker.Time).ConfigureAwait(false);
        await receiving.ConfigureAwait(false);
    }

    private static Task RefuseAsync(HttpContext context, int status, string what)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(what + "\n");
    }

    private Peer PeerOf(HttpContext context)
    {
        var connection = context.Connection;
        var address = connection.RemoteIpAddress is { } ip ? PeerAddress.Of(new IPEndPoint(ip, connection.RemotePort)) : null;
        return new Peer(address ?? connection.Id, listener, connection.ClientCertificate);
    }
}
