using System.Buffers;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Millrace.Mqtt.Packets;

namespace Millrace.Mqtt.Client;

/// <summary>One connection to an MQTT server: publishes QoS 0 and 1, subscribes, and does not reconnect by itself.</summary>
/// <remarks>Any number of threads may publish. One that is closed stays closed, and says in every exception why.</remarks>
public sealed class MqttClient : IAsyncDisposable
{
    // Packet ids of publishes count up from 1; this one is never among them.
    private const ushort RequestId = ushort.MaxValue;

    private readonly MqttClientOptions _options;
    private readonly Stream _stream;
    private readonly string _server;
    private readonly OutgoingBytes _output;
    private readonly IncomingBytes _input;
    private readonly Channel<MqttMessage> _messages;
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _oneRequest = new(1);
    private readonly Lock _gate = new();
    private InFlight _inFlight = new(1);
    private TaskCompletionSource<ReasonCode>? _request;
    private MqttException? _whyClosed;
    private ITimer? _keepAlive;
    private long _packetsAtLastTick;
    private bool _pingUnanswered;
    private int _serverMaxPacketSize = int.MaxValue;

    private MqttClient(Stream stream, string server, MqttClientOptions options)
    {
        (_stream, _server, _options) = (stream, server, options);
        _output = new OutgoingBytes(stream, e => Close(Broken(e)));
        _input = new IncomingBytes(stream, options.MaxPacketSize);
        _messages = Channel.CreateBounded<MqttMessage>(new BoundedChannelOptions(options.MaxQueuedMessages) { SingleWriter = true });
        ClientId = options.ClientId;
    }

    /// <summary>The one the server assigned where the options have none.</summary>
    public string ClientId { get; private set; }

    /// <summary>What the subscriptions bring. Ends when the connection does.</summary>
    public ChannelReader<MqttMessage> Messages => _messages.Reader;

    /// <summary>Ends, without an exception, when the connection is closed by either side.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Why it is closed; null while it is open and after <see cref="DisconnectAsync"/>.</summary>
    public MqttException? WhyClosed => _whyClosed is { Reason: not ReasonCode.Success } why ? why : null;

    /// <summary>QoS 1 messages without PUBACK.</summary>
    public int InFlightCount => _inFlight.Count;

    /// <summary>Connects over TCP.</summary>
    /// <exception cref="MqttException">The server cannot be reached, does not answer or refuses.</exception>
    public static async Task<MqttClient> ConnectAsync(string host, int port, MqttClientOptions options, CancellationToken stop = default)
    {
        var server = $"{host}:{port}";
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
            timeout.CancelAfter(options.Timeout);
            await socket.ConnectAsync(host, port, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            socket.Dispose();
            throw new MqttException(ReasonCode.ServerUnavailable, $"Cannot connect to {server}: {e.Message} Is the server running there?", e);
        }

        return await ConnectAsync(new NetworkStream(socket, ownsSocket: true), server, options, stop).ConfigureAwait(false);
    }

    /// <summary>Connects over a stream, which is the client's from here on.</summary>
    /// <param name="stream">Connected, and encrypted where it shall be.</param>
    /// <param name="server">Names the far side in exceptions.</param>
    /// <param name="options">See there.</param>
    /// <param name="stop">Gives up connecting; nothing else.</param>
    /// <exception cref="MqttException">The server does not answer or refuses.</exception>
    public static async Task<MqttClient> ConnectAsync(
        Stream stream, string server, MqttClientOptions options, CancellationToken stop = default)
    {
        var client = new MqttClient(stream, server, options);
        try
        {
            client.SendConnect();
            _ = client.ReadAsync();
            await client._connected.Task.WaitAsync(options.Timeout, options.Time, stop).ConfigureAwait(false);
            client.StartKeepAlive();
            return client;
        }
        catch (Exception e)
        {
            client.Close(new MqttException(ReasonCode.UnspecifiedError, $"Connecting to {server} was given up.", e));
            if (e is TimeoutException)
                throw new MqttException(ReasonCode.ServerUnavailable, $"{server} did not answer CONNECT within {options.Timeout}.", e);
            throw;
        }
    }

    /// <summary>Ends when the server has acknowledged the message (QoS 1), or it is queued to be written (QoS 0).</summary>
    /// <exception cref="MqttException">The server refused the message, or the connection is closed.</exception>
    public async Task PublishAsync(
        string topic, ReadOnlyMemory<byte> payload, int qos = 1, bool retain = false, CancellationToken stop = default)
    {
        var waiter = qos == 0 ? null : new TaskCompletionSource<ReasonCode>(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(Encoding.UTF8.GetBytes(topic), payload, qos, retain, waiter, stop).ConfigureAwait(false);
        if (waiter is null) return;
        var reason = await waiter.Task.WaitAsync(stop).ConfigureAwait(false);
        if (reason >= ReasonCode.UnspecifiedError)
            throw new MqttException(reason, $"{_server} refused the message to {topic}: {reason}.");
    }

    /// <summary>
    /// Ends when the message is queued to be written: at once, unless as many are in flight as may be. For many in flight, from one loop;
    /// <see cref="DrainAsync"/> waits for the rest. PUBACKs are told to <see cref="MqttClientOptions.Acknowledged"/>.
    /// </summary>
    /// <exception cref="MqttException">The connection is closed, or the packet larger than the server takes.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> topic, ReadOnlyMemory<byte> payload, int qos, CancellationToken stop = default) =>
        SendAsync(topic, payload, qos, retain: false, waiter: null, stop);

    /// <summary>Ends when all that was sent with QoS 1 is acknowledged and all else has been written.</summary>
    public async Task DrainAsync(CancellationToken stop = default)
    {
        await _inFlight.EmptyAsync().WaitAsync(stop).ConfigureAwait(false);
        await _output.FlushedAsync(stop).ConfigureAwait(false);
        ThrowIfClosed();
    }

    /// <returns>The QoS that the server granted.</returns>
    /// <exception cref="MqttException">The server refused the filter, did not answer, or the connection is closed.</exception>
    public async Task<int> SubscribeAsync(string filter, int qos = 1, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)qos, 1u, nameof(qos));
        var list = new ArrayBufferWriter<byte>();
        SubscriptionWriter.Add(list, Encoding.UTF8.GetBytes(filter), (byte)qos);
        var reason = await RequestAsync(list.WrittenMemory, PacketType.Subscribe, filter, stop).ConfigureAwait(false);
        return (int)reason;
    }

    /// <exception cref="MqttException">The server refused, did not answer, or the connection is closed.</exception>
    public async Task UnsubscribeAsync(string filter, CancellationToken stop = default)
    {
        var list = new ArrayBufferWriter<byte>();
        SubscriptionWriter.Add(list, Encoding.UTF8.GetBytes(filter));
        await RequestAsync(list.WrittenMemory, PacketType.Unsubscribe, filter, stop).ConfigureAwait(false);
    }

    /// <summary>Says goodbye and closes. What is not acknowledged by now stays so: <see cref="DrainAsync"/> first.</summary>
    public async Task DisconnectAsync(CancellationToken stop = default)
    {
        _output.Add(new DisconnectPacket(), (IBufferWriter<byte> output, in DisconnectPacket packet) =>
            PacketWriter.Write(output, _options.Version, packet));
        try
        {
            await _output.FlushedAsync(stop).WaitAsync(_options.Timeout, _options.Time, stop).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A server that does not read will not see the goodbye; closing is all that is left.
        }

        Close(new MqttException(ReasonCode.Success, $"The connection to {_server} was closed by DisconnectAsync."));
    }

    /// <summary>Closes without a goodbye: to the server as if the power had failed. Use <see cref="DisconnectAsync"/> to leave politely.</summary>
    public ValueTask DisposeAsync()
    {
        Close(new MqttException(ReasonCode.UnspecifiedError, $"The client of {_server} was disposed."));
        return default;
    }

    private async ValueTask SendAsync(
        ReadOnlyMemory<byte> topic, ReadOnlyMemory<byte> payload, int qos, bool retain, TaskCompletionSource<ReasonCode>? waiter, CancellationToken stop)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)qos, 1u, nameof(qos));
        if (!Topic.IsValidName(topic.Span))
            throw new ArgumentException($"'{Encoding.UTF8.GetString(topic.Span)}' is not a topic that can be published to.", nameof(topic));
        CheckSize(topic.Span, payload.Span, qos);
        ushort packetId = 0;
        if (qos == 1)
        {
            await _inFlight.RoomAsync(stop).ConfigureAwait(false);
            ThrowIfClosed();
            packetId = _inFlight.Begin(_options.Acknowledged is null ? 0 : _options.Time.GetTimestamp(), waiter);
        }

        var packet = new PublishPacket { Topic = topic.Span, Payload = payload.Span, Qos = (byte)qos, PacketId = packetId, Retain = retain };
        if (!_output.Add(packet, _options.Version == ProtocolVersion.V5 ? WritePublish5 : WritePublish311)) ThrowIfClosed();
        await _output.RoomAsync(stop).ConfigureAwait(false);
    }

    private static readonly OutgoingBytes.Layout<PublishPacket> WritePublish5 =
        static (output, in packet) => PacketWriter.Write(output, ProtocolVersion.V5, packet);

    private static readonly OutgoingBytes.Layout<PublishPacket> WritePublish311 =
        static (output, in packet) => PacketWriter.Write(output, ProtocolVersion.V311, packet);

    private void CheckSize(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, int qos)
    {
        var size = PacketWriter.SizeOf(_options.Version, new PublishPacket { Topic = topic, Payload = payload, Qos = (byte)qos });
        if (size > Math.Min(_serverMaxPacketSize, VarInt.Max))
            throw new MqttException(ReasonCode.PacketTooLarge, $"The packet of {size} bytes is larger than the {_serverMaxPacketSize} {_server} takes.");
    }

    private async Task<ReasonCode> RequestAsync(ReadOnlyMemory<byte> filters, PacketType type, string filter, CancellationToken stop)
    {
        if (!Topic.IsValidFilter(Encoding.UTF8.GetBytes(filter))) throw new ArgumentException($"'{filter}' is not a topic filter.", nameof(filter));
        await _oneRequest.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            var answer = new TaskCompletionSource<ReasonCode>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                ThrowIfClosed();
                _request = answer;
            }

            _output.Add(0, (IBufferWriter<byte> output, in int _) =>
            {
                if (type == PacketType.Subscribe)
                    PacketWriter.Write(output, _options.Version, new SubscribePacket { PacketId = RequestId, Subscriptions = new(filters.Span) });
                else
                    PacketWriter.Write(output, _options.Version, new UnsubscribePacket { PacketId = RequestId, Filters = new(filters.Span) });
            });
            var reason = await answer.Task.WaitAsync(_options.Timeout, _options.Time, stop).ConfigureAwait(false);
            if (reason >= ReasonCode.UnspecifiedError) throw new MqttException(reason, $"{_server} refused {type} of {filter}: {reason}.");
            return reason;
        }
        catch (TimeoutException e)
        {
            // The answer may still come and would be taken for that of the next request.
            var why = new MqttException(ReasonCode.ServerUnavailable, $"{_server} did not answer {type} of {filter} within {_options.Timeout}.", e);
            Close(why);
            throw why;
        }
        finally
        {
            _oneRequest.Release();
        }
    }

    private void SendConnect()
    {
        Span<byte> memory = stackalloc byte[8];
        var properties = new PropertyWriter(memory);
        properties.Add(PropertyId.MaximumPacketSize, (uint)_options.MaxPacketSize);
        var packet = new ConnectPacket
        {
            Version = _options.Version,
            CleanStart = _options.CleanStart,
            KeepAlive = (ushort)Math.Min(_options.KeepAlive.TotalSeconds, ushort.MaxValue),
            Properties = properties.Written,
            ClientId = Encoding.UTF8.GetBytes(_options.ClientId),
            HasUserName = _options.UserName is not null,
            UserName = Encoding.UTF8.GetBytes(_options.UserName ?? ""),
            HasPassword = _options.Password is not null,
            Password = Encoding.UTF8.GetBytes(_options.Password ?? ""),
        };
        _output.Add(packet, static (output, in packet) => PacketWriter.Write(output, packet));
    }

    private void StartKeepAlive()
    {
        if (_options.KeepAlive <= TimeSpan.Zero) return;
        lock (_gate)
        {
            if (_whyClosed is not null) return;
            _keepAlive = _options.Time.CreateTimer(static client => ((MqttClient)client!).KeepAliveTick(), this, _options.KeepAlive / 2, _options.KeepAlive / 2);
        }
    }

    private void KeepAliveTick()
    {
        if (_pingUnanswered)
        {
            Close(new MqttException(ReasonCode.KeepAliveTimeout, $"{_server} did not answer a ping within {_options.KeepAlive / 2}."));
            return;
        }

        var idle = _output.Packets == _packetsAtLastTick;
        _packetsAtLastTick = _output.Packets;
        if (!idle) return;
        _pingUnanswered = true;
        _output.Add(0, static (IBufferWriter<byte> output, in int _) => PacketWriter.WritePing(output, PacketType.PingReq));
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _input.FillAsync().ConfigureAwait(false))
            {
                while (true)
                {
                    var found = Handle(out var message, out var packetId);
                    if (found == Decode.NeedMore) break;
                    if (found == Decode.Malformed) return;
                    if (message is null) continue;
                    await _messages.Writer.WriteAsync(message).ConfigureAwait(false);
                    if (packetId > 0) Acknowledge(packetId);
                }
            }

            Close(new MqttException(ReasonCode.UnspecifiedError, $"{_server} closed the connection without saying why."));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or ChannelClosedException or InvalidOperationException)
        {
            Close(Broken(e));
        }
    }

    /// <summary>One packet from the buffer. Malformed: it was not one, or it ended the connection, which is closed by now.</summary>
    private Decode Handle(out MqttMessage? message, out ushort packetId)
    {
        (message, packetId) = (null, 0);
        var found = _input.Read(out var packet);
        if (found == Decode.NeedMore) return found;
        var reason = found == Decode.Malformed ? _input.Reason : Handle(packet, out message, out packetId);
        if (reason == ReasonCode.Success) return Decode.Done;
        if (_whyClosed is null) Close(new MqttException(reason, $"{_server} sent what is no valid packet ({reason})."));
        return Decode.Malformed;
    }

    private ReasonCode Handle(in Packet packet, out MqttMessage? message, out ushort packetId)
    {
        (message, packetId) = (null, 0);
        if (!_connected.Task.IsCompleted != (packet.Type == PacketType.ConnAck)) return ReasonCode.ProtocolError;
        ReasonCode reason;
        switch (packet.Type)
        {
            case PacketType.ConnAck:
                reason = ConnAckPacket.Read(packet, _options.Version, out var connAck);
                return reason == ReasonCode.Success ? Connected(connAck) : reason;
            case PacketType.PubAck:
                reason = AckPacket.Read(packet, _options.Version, out var ack);
                return reason == ReasonCode.Success ? Acknowledged(ack) : reason;
            case PacketType.Publish:
                reason = PublishPacket.Read(packet, _options.Version, out var publish);
                if (reason != ReasonCode.Success) return reason;
                if (publish.Qos == 2) return ReasonCode.QosNotSupported;
                (message, packetId) = (Copy(publish), publish.PacketId);
                return ReasonCode.Success;
            case PacketType.SubAck or PacketType.UnsubAck:
                reason = SubAckPacket.Read(packet, _options.Version, out var subAck);
                if (reason != ReasonCode.Success) return reason;
                Interlocked.Exchange(ref _request, null)?.TrySetResult(subAck.Codes.IsEmpty ? ReasonCode.Success : (ReasonCode)subAck.Codes[0]);
                return ReasonCode.Success;
            case PacketType.PingResp:
                _pingUnanswered = false;
                return PingPacket.Read(packet);
            case PacketType.Disconnect when _options.Version == ProtocolVersion.V5:
                reason = DisconnectPacket.Read(packet, _options.Version, out var disconnect);
                if (reason != ReasonCode.Success) return reason;
                Close(new MqttException(disconnect.Reason, $"{_server} closed the connection: {disconnect.Reason}{Text(disconnect.Properties)}."));
                return ReasonCode.UnspecifiedError;
            default:
                return ReasonCode.ProtocolError;
        }
    }

    private ReasonCode Connected(in ConnAckPacket connAck)
    {
        if (connAck.Reason != ReasonCode.Success)
        {
            Close(new MqttException(connAck.Reason, $"{_server} refused the connection: {connAck.Reason}{Text(connAck.Properties)}."));
            return connAck.Reason;
        }

        if (connAck.Properties.TryGet(PropertyId.AssignedClientIdentifier, out ReadOnlySpan<byte> id)) ClientId = Encoding.UTF8.GetString(id);
        if (connAck.Properties.TryGet(PropertyId.MaximumPacketSize, out uint size)) _serverMaxPacketSize = (int)Math.Min(size, int.MaxValue);
        var limit = connAck.Properties.TryGet(PropertyId.ReceiveMaximum, out uint receiveMaximum) ? (int)receiveMaximum : ushort.MaxValue;
        _inFlight = new InFlight(Math.Clamp(Math.Min(_options.MaxInFlight, limit), 1, RequestId - 1));
        _connected.TrySetResult();
        return ReasonCode.Success;
    }

    private ReasonCode Acknowledged(in AckPacket ack)
    {
        if (!_inFlight.TryEnd(ack.PacketId, ack.Reason, out var startedAt)) return ReasonCode.ProtocolError;
        _options.Acknowledged?.Invoke(ack.Reason, _options.Time.GetElapsedTime(startedAt));
        return ReasonCode.Success;
    }

    private void Acknowledge(ushort packetId) =>
        _output.Add(packetId, static (IBufferWriter<byte> output, in ushort id) =>
        {
            PacketWriter.WritePubAck(output.GetSpan(PacketWriter.PubAckSize), id);
            output.Advance(PacketWriter.PubAckSize);
        });

    private static MqttMessage Copy(in PublishPacket publish) =>
        new(Encoding.UTF8.GetString(publish.Topic), publish.Payload.ToArray())
        {
            Qos = publish.Qos,
            Retain = publish.Retain,
            Dup = publish.Dup,
            Properties = publish.Properties.Bytes.ToArray(),
        };

    private void Close(MqttException why)
    {
        lock (_gate)
        {
            if (_whyClosed is not null) return;
            _whyClosed = why;
        }

        _keepAlive?.Dispose();
        _output.Close();
        _inFlight.Close(why);
        _request?.TrySetException(why);
        _connected.TrySetException(why);
        _messages.Writer.TryComplete();
        _stream.Dispose();
        _closed.TrySetResult();
    }

    private void ThrowIfClosed()
    {
        if (_whyClosed is { } why) throw new MqttException(why.Reason, why.Message, why);
    }

    private MqttException Broken(Exception inner) =>
        new(ReasonCode.UnspecifiedError, $"The connection to {_server} broke: {inner.Message}", inner);

    private static string Text(Properties properties) =>
        properties.TryGet(PropertyId.ReasonString, out ReadOnlySpan<byte> text) ? $" ({Encoding.UTF8.GetString(text)})" : "";
}
