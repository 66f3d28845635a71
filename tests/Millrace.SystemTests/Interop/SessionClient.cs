using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.SystemTests.Interop;

/// <summary>
/// A client whose session state outlives its connections, as section 4.1 asks of clients: it connects again until it is done, and the server must
/// have its session every time but the first.
/// </summary>
internal abstract class SessionClient(string id, int port, ProtocolVersion version, int receiveMaximum)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private bool _hasSession;

    public string Id { get; } = id;

    /// <summary>How often it was connected.</summary>
    public int Connections { get; private set; }

    /// <summary>Connects, works, and connects again when the connection ends, until <see cref="IsDone"/> or the stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!IsDone && !stop.IsCancellationRequested)
        {
            try
            {
                using var socket = await PacketSocket.ConnectAsync(port);
                await WorkAsync(socket, stop);
            }
            catch (SocketException)
            {
                await Task.Delay(Pause, CancellationToken.None);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    protected ProtocolVersion Version { get; } = version;

    protected abstract bool IsDone { get; }

    /// <summary>The first packets of a connection: what the session still owes.</summary>
    protected abstract void Begin(IBufferWriter<byte> output, bool isNew);

    protected abstract void Handle(ArrivedPacket packet, IBufferWriter<byte> output);

    /// <summary>Between two packets: a slow client waits, a moody one throws <see cref="SocketException"/> to break its connection off.</summary>
    protected virtual ValueTask RestAsync(CancellationToken stop) => default;

    private async Task WorkAsync(PacketSocket socket, CancellationToken stop)
    {
        var output = new ArrayBufferWriter<byte>();
        PacketWriter.Write(output, Connect());
        await SendAsync();
        if (await socket.ReadAsync(stop) is not { Type: PacketType.ConnAck } connAck) return;
        Assert.Equal(ReasonCode.Success, ConnAckPacket.Read(connAck.Packet, Version, out var accepted));
        Assert.Equal(ReasonCode.Success, accepted.Reason);
        Assert.True(accepted.SessionPresent == _hasSession, $"{Id}: session present is {accepted.SessionPresent} with connection {Connections + 1}");
        Connections++;
        Begin(output, isNew: !_hasSession);
        _hasSession = true;
        await SendAsync();
        while (!IsDone)
        {
            await RestAsync(stop);
            if (await socket.ReadAsync(stop) is not { } packet) return;
            if (packet.Type == PacketType.Disconnect) Assert.Fail($"{Id}: the server says {packet}");
            Handle(packet, output);
            await SendAsync();
        }

        async Task SendAsync()
        {
            await socket.SendAsync(output.WrittenMemory);
            output.ResetWrittenCount();
        }
    }

    private ConnectPacket Connect()
    {
        var properties = new PropertyWriter(new byte[16]);
        if (Version == ProtocolVersion.V5)
        {
            properties.Add(PropertyId.SessionExpiryInterval, 3600);
            properties.Add(PropertyId.ReceiveMaximum, (uint)receiveMaximum);
        }

        return new ConnectPacket { Version = Version, ClientId = Encoding.UTF8.GetBytes(Id), KeepAlive = 60, Properties = properties.Written };
    }
}
