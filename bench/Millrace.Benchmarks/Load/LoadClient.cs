using Millrace.Contracts;

namespace Millrace.Benchmarks.Load;

/// <summary>One MQTT connection without its network: bytes to be sent, and what becomes of the bytes that come. For one thread at a time.</summary>
internal abstract class LoadClient
{
    private readonly byte[] _in;
    private int _inUsed;
    private byte[] _out;
    private int _outStart;
    private int _outEnd;

    protected LoadClient(string clientId, int inSize, int outSize) => (ClientId, _in, _out) = (clientId, new byte[inSize], new byte[outSize]);

    public string ClientId { get; }

    public ReadOnlyMemory<byte> Outgoing => _out.AsMemory(_outStart.._outEnd);

    /// <summary>Where the next bytes go that come; then call <see cref="Received"/>.</summary>
    public Memory<byte> Incoming => _in.AsMemory(_inUsed);

    /// <summary>So many bytes of <see cref="Outgoing"/> are on their way.</summary>
    public void Sent(int count)
    {
        _outStart += count;
        if (_outStart == _outEnd) _outStart = _outEnd = 0;
    }

    /// <summary>Handles the packets that are complete with so many more bytes.</summary>
    /// <exception cref="FaultException">The server said what it must not, or refused.</exception>
    public void Received(int count)
    {
        var bytes = _in.AsSpan(0, _inUsed + count);
        var at = 0;
        while (at < bytes.Length)
        {
            var length = MqttPackets.LengthOf(bytes[at..], out var bodyAt);
            if (length == 0 || length > bytes.Length - at) break;
            Handle(bytes.Slice(at, length), bodyAt);
            at += length;
        }

        if (at == 0 && bytes.Length == _in.Length) throw Lost($"a packet of more than {_in.Length:N0} bytes came");
        bytes[at..].CopyTo(_in);
        _inUsed = bytes.Length - at;
    }

    /// <summary>CONNECT, and whatever else comes before the load, each with its answer; blocks.</summary>
    public virtual void Introduce(Stream network)
    {
        var answer = Ask(network, MqttPackets.Connect(ClientId));
        if (answer[0] != MqttPackets.ConnackType) throw Lost($"CONNECT was answered with {Convert.ToHexString(answer)}");
        if (answer[3] != 0) throw Refused($"CONNECT with {answer[3]}");
    }

    /// <summary>The network failed; a server that will not have this client may do just that.</summary>
    public virtual FaultException Lost(string what) => new(Fault.Unavailable, $"{ClientId}: {what}");

    protected static FaultException Refused(string what) => new(Fault.Refused, $"the server refused {what}");

    protected byte[] Ask(Stream network, byte[] packet)
    {
        network.Write(packet);
        var answer = new byte[64];
        var got = 0;
        do
        {
            var count = network.Read(answer, got, answer.Length - got);
            if (count == 0) throw Lost($"the server closed the connection instead of answering a packet of type {packet[0] >> 4}");
            got += count;
        }
        while (MqttPackets.LengthOf(answer.AsSpan(0, got), out _) is var length && (length == 0 || length > got));
        return answer[..got];
    }

    /// <summary>Room behind what waits to be sent; all of it is to be written.</summary>
    protected Span<byte> Put(int length)
    {
        if (_out.Length - _outEnd < length)
        {
            var waiting = _outEnd - _outStart;
            var target = waiting + length <= _out.Length ? _out : new byte[(waiting + length) * 2];
            _out.AsSpan(_outStart.._outEnd).CopyTo(target);
            (_out, _outStart, _outEnd) = (target, 0, waiting);
        }

        _outEnd += length;
        return _out.AsSpan(_outEnd - length, length);
    }

    /// <param name="packet">Whole.</param>
    /// <param name="bodyAt">Where what follows its header begins.</param>
    protected abstract void Handle(ReadOnlySpan<byte> packet, int bodyAt);
}
