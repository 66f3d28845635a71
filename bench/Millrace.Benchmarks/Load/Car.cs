using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Millrace.Benchmarks.Measuring;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Load;

/// <summary>One connection: a car with its own topic, trip and packet identifiers. For one thread.</summary>
internal sealed class Car : IDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    private readonly TelemetryPacket _packet;
    private readonly string _clientId;

    // Packet identifier less one, to when it was sent; 0 while it is free.
    private readonly long[] _sentNs;
    private readonly int[] _free;
    private int _freeCount;

    // What is not acknowledged fits in either: a PUBLISH a slot on the way out, a PUBACK a slot on the way in.
    private readonly byte[] _out;
    private int _outStart;
    private int _outEnd;
    private readonly byte[] _in;
    private int _inUsed;

    private long _sequence;
    private long _lastMicrosecond;

    public Socket Socket { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public bool HasRoom => _freeCount > 0;

    /// <summary>The kernel did not take all; <see cref="Flush"/> again when it is writable.</summary>
    public bool IsBlocked { get; private set; }

    public Car(int number, int window)
    {
        _packet = new TelemetryPacket(number);
        _clientId = string.Create(CultureInfo.InvariantCulture, $"bench-car-{number:D6}");
        _sequence = number; // cars do not send the same measure at the same time
        _sentNs = new long[window];
        _free = [.. Enumerable.Range(0, window).Reverse()];
        _freeCount = window;
        _out = new byte[window * _packet.Length];
        _in = new byte[window * MqttPackets.PubackLength];
    }

    /// <summary>Connects, waits for CONNACK, and from then on never blocks.</summary>
    public void Connect(IPEndPoint server)
    {
        Socket.ReceiveTimeout = Socket.SendTimeout = (int)ConnectLimit.TotalMilliseconds;
        try
        {
            Socket.Connect(server);
            Socket.Send(MqttPackets.Connect(_clientId));
            Span<byte> answer = stackalloc byte[MqttPackets.ConnackLength];
            for (var got = 0; got < answer.Length;)
            {
                var count = Socket.Receive(answer[got..]);
                if (count == 0) throw Lost("the server closed the connection instead of answering CONNECT");
                got += count;
            }

            if (answer[0] != MqttPackets.ConnackType || answer[3] != 0) throw Lost($"CONNECT was answered with {Convert.ToHexString(answer)}");
        }
        catch (SocketException e)
        {
            throw Lost($"{server}: {e.Message}");
        }

        Socket.Blocking = false;
    }

    /// <summary>Puts one message behind what waits to be sent. Needs <see cref="HasRoom"/>.</summary>
    /// <param name="atNs">When it is, or was to be, sent: latency counts from here.</param>
    /// <param name="time">Scratch for the timestamp, which is <paramref name="atNs"/> unless the car's last one was no earlier.</param>
    public void Publish(long atNs, TimeText time)
    {
        if (_out.Length - _outEnd < _packet.Length)
        {
            _out.AsSpan(_outStart.._outEnd).CopyTo(_out);
            _outEnd -= _outStart;
            _outStart = 0;
        }

        var slot = _free[--_freeCount];
        _sentNs[slot] = atNs;
        _lastMicrosecond = Math.Max(_lastMicrosecond + 1, atNs / 1000);
        time.Set(_lastMicrosecond);
        _packet.Write(_out.AsSpan(_outEnd), slot + 1, _sequence++, time);
        _outEnd += _packet.Length;
    }

    public void Flush()
    {
        while (_outStart < _outEnd)
        {
            var sent = Socket.Send(_out.AsSpan(_outStart.._outEnd), SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
            {
                IsBlocked = true;
                return;
            }

            if (error != SocketError.Success) throw Lost($"sending failed: {error}");
            _outStart += sent;
        }

        IsBlocked = false;
        _outStart = _outEnd = 0;
    }

    /// <summary>Takes the PUBACKs that came.</summary>
    /// <returns>How many.</returns>
    public int Receive(WallClock clock, Histogram latency)
    {
        var count = Socket.Receive(_in.AsSpan(_inUsed), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return 0;
        if (error != SocketError.Success) throw Lost($"receiving failed: {error}");
        if (count == 0) throw Lost("the server closed the connection");

        var now = clock.NowNs;
        var end = _inUsed + count;
        var at = 0;
        var acknowledged = 0;
        for (; end - at >= MqttPackets.PubackLength; at += MqttPackets.PubackLength, acknowledged++)
            Acknowledge(_in.AsSpan(at, MqttPackets.PubackLength), now, latency);

        _in.AsSpan(at..end).CopyTo(_in);
        _inUsed = end - at;
        return acknowledged;
    }

    public void Dispose()
    {
        if (Socket.Connected) Socket.Send(MqttPackets.Disconnect, SocketFlags.None, out _);
        Socket.Dispose();
    }

    private void Acknowledge(ReadOnlySpan<byte> packet, long now, Histogram latency)
    {
        if (packet[0] != MqttPackets.PubackType || packet[1] != 2) throw Lost($"expected a PUBACK, not {Convert.ToHexString(packet)}");
        var slot = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) - 1;
        if ((uint)slot >= (uint)_sentNs.Length || _sentNs[slot] == 0) throw Lost($"PUBACK for packet {slot + 1}, which is not in flight");
        latency.Record(now - _sentNs[slot]);
        _sentNs[slot] = 0;
        _free[_freeCount++] = slot;
    }

    private FaultException Lost(string what) => new(Fault.Unavailable, $"{_clientId}: {what}");
}
