using System.Net.WebSockets;
using Millrace.Gateway;
using Millrace.Gateway.Connections;
using Millrace.Gateway.Kestrel;

namespace Millrace.Tests.Gateway;

/// <summary>MQTT in the frames of a WebSocket, over a network in memory.</summary>
public sealed class KestrelWebSocketTests : GatewayTest
{
    // CONNECT of 3.1.1 with the client id "a", CONNACK, PINGREQ, PINGRESP, DISCONNECT.
    private static readonly byte[] Connect = Convert.FromHexString("100D00044D51545404020000000161");
    private static readonly byte[] ConnAck = Convert.FromHexString("20020000");
    private static readonly byte[] Ping = Convert.FromHexString("C000");
    private static readonly byte[] Pong = Convert.FromHexString("D000");
    private static readonly byte[] Bye = Convert.FromHexString("E000");

    [Fact]
    public async Task Packets_may_span_frames_and_frames_packets()
    {
        var (client, server) = Open();
        foreach (var one in Connect) await SendAsync(client, [one]);
        Assert.Equal(ConnAck, await ReceiveAsync(client, 4));
        await SendAsync(client, [.. Ping, .. Ping, .. Ping[..1]]);
        await SendAsync(client, Ping[1..]);
        byte[] pongs = [.. Pong, .. Pong, .. Pong];
        Assert.Equal(pongs, await ReceiveAsync(client, 6));
        await SendAsync(client, Bye);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await ClosedAsync(client));
        await server;
        Assert.Equal(0, Counts.Connections);
    }

    [Fact]
    public async Task Fragments_of_one_frame_and_empty_frames_are_bytes_like_any()
    {
        var (client, server) = Open();
        await SendAsync(client, []);
        await client.SendAsync(Connect.AsMemory(0, 3), WebSocketMessageType.Binary, false, default);
        await client.SendAsync(Connect.AsMemory(3), WebSocketMessageType.Binary, true, default);
        Assert.Equal(ConnAck, await ReceiveAsync(client, 4));
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        await server;
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    public async Task A_text_frame_ends_the_connection_with_1003(string text)
    {
        var (client, server) = Open();
        await SendAsync(client, Connect);
        Assert.Equal(ConnAck, await ReceiveAsync(client, 4));
        await client.SendAsync(System.Text.Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, default);
        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, await ClosedAsync(client));
        await server;
    }

    [Fact]
    public async Task What_is_not_MQTT_ends_the_connection()
    {
        var (client, server) = Open();
        await SendAsync(client, new byte[100]);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await ClosedAsync(client));
        await server;
    }

    [Fact]
    public async Task A_client_that_vanishes_ends_its_session()
    {
        var (client, server) = Open();
        await SendAsync(client, Connect);
        Assert.Equal(ConnAck, await ReceiveAsync(client, 4));
        client.Abort();
        client.Dispose();
        await server;
        Assert.Equal(0, Counts.Connections);
    }

    [Fact]
    public async Task A_client_that_never_closes_is_cut_after_a_while()
    {
        var (client, server) = Open();
        await SendAsync(client, [.. Connect, .. Bye]);
        Assert.Equal(ConnAck, await ReceiveAsync(client, 4));
        while (!server.IsCompleted)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await server;
    }

    private (WebSocket Client, Task Server) Open()
    {
        var (near, far) = DuplexStream.Pair();
        var server = WebSocket.CreateFromStream(near, new WebSocketCreationOptions { IsServer = true });
        var client = WebSocket.CreateFromStream(far, new WebSocketCreationOptions { IsServer = false });
        return (client, MqttWebSocketHandler.ServeAsync(server, Broker, new Peer("test", new ListenerOptions()), default));
    }

    private static async Task SendAsync(WebSocket client, byte[] bytes) =>
        await client.SendAsync(bytes, WebSocketMessageType.Binary, true, default);

    private static async Task<byte[]> ReceiveAsync(WebSocket client, int count)
    {
        var received = new List<byte>();
        var buffer = new byte[100];
        while (received.Count < count)
        {
            var got = await client.ReceiveAsync(buffer, default);
            Assert.Equal(WebSocketMessageType.Binary, got.MessageType);
            received.AddRange(buffer.AsSpan(0, got.Count));
        }

        return [.. received];
    }

    private static async Task<WebSocketCloseStatus?> ClosedAsync(WebSocket client)
    {
        var got = await client.ReceiveAsync(new byte[100], default);
        Assert.Equal(WebSocketMessageType.Close, got.MessageType);
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        return client.CloseStatus;
    }
}
