using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.SystemTests;

/// <summary>A socket to a server's MQTT port, for what a well-behaved client never does. Speaks MQTT 3.1.1.</summary>
public sealed class RawDevice : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private RawDevice(Socket socket) => Socket = socket;

    public Socket Socket { get; }

    public static async Task<RawDevice> OpenAsync(int port, int receiveBuffer = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0) socket.ReceiveBufferSize = receiveBuffer;
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new RawDevice(socket);
    }

    /// <summary>Connected as a client, CONNACK read.</summary>
    public static async Task<RawDevice> ConnectAsync(int port, string clientId, int receiveBuffer = 0)
    {
        var device = await OpenAsync(port, receiveBuffer);
        await device.SendAsync(Connect(clientId));
        Assert.Equal("20020000", Convert.ToHexString(await device.ReadAsync(4)));
        return device;
    }

    public static byte[] Connect(string clientId) => Written(output =>
        PacketWriter.Write(output, new ConnectPacket { Version = ProtocolVersion.V311, CleanStart = true, ClientId = Encoding.UTF8.GetBytes(clientId) }));

    public static byte[] Publish(string topic, byte[] payload, ushort packetId) => Written(output =>
        PacketWriter.Write(output, ProtocolVersion.V311, new PublishPacket
        {
            Topic = Encoding.UTF8.GetBytes(topic),
            Payload = payload,
            PacketId = packetId,
            Qos = packetId == 0 ? (byte)0 : (byte)1,
        }));

    public static byte[] Ping() => [0xC0, 0];

    public static byte[] PubAck(ushort packetId) => [0x40, 2, (byte)(packetId >> 8), (byte)packetId];

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!bytes.IsEmpty) bytes = bytes[await Socket.SendAsync(bytes, SocketFlags.None, patience.Token)..];
    }

    /// <summary>Exactly so many bytes, or what there was before the end.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var bytes = new byte[count];
        var read = 0;
        while (read < count && await Socket.ReceiveAsync(bytes.AsMemory(read), SocketFlags.None, patience.Token) is var n and > 0) read += n;
        return bytes[..read];
    }

    /// <summary>Closes with a reset, as a device whose battery was taken out and put in again.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Close();
    }

    public void Dispose() => Socket.Dispose();

    private static byte[] Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
