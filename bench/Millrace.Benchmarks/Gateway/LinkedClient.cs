using System.Buffers;
using System.Net;
using Millrace.Benchmarks.Load;
using Millrace.Contracts;
using Millrace.Gateway;
using Millrace.Gateway.Connections;

namespace Millrace.Benchmarks.Gateway;

/// <summary>A client and the gateway's end of its connection, with nothing between them. One thread pumps; none of it allocates.</summary>
internal sealed class LinkedClient : ITransport, IDisposable
{
    private readonly LoadClient _client;
    private readonly Connection _connection;
    private readonly AutoResetEvent _signal;
    private bool _isIntroduced;

    /// <param name="broker">Opens the connection.</param>
    /// <param name="client">Not introduced yet.</param>
    /// <param name="signal">Set where it is worth to pump again.</param>
    public LinkedClient(Broker broker, LoadClient client, AutoResetEvent signal)
    {
        (_client, _signal) = (client, signal);
        var peer = new Peer(new IPEndPoint(IPAddress.Loopback, 0).ToString(), new ListenerOptions());
        _connection = broker.Open(this, peer) ?? throw new FaultException(Fault.Unavailable, "the broker takes no connections");
    }

    /// <summary>Says packets whose answers are of no interest.</summary>
    public void Introduce(params byte[][] packets)
    {
        foreach (var packet in packets)
        {
            var rest = new ReadOnlySequence<byte>(packet);
            Check(_connection.Receive(ref rest));
        }

        while (_connection.TryTakeOutput(out var answer)) answer.Release();
        _isIntroduced = true;
    }

    /// <summary>Carries what there is, both ways.</summary>
    public void Pump()
    {
        while (_connection.TryTakeOutput(out var output))
        {
            for (var bytes = output.Span; bytes.Length > 0;)
            {
                var into = _client.Incoming.Span;
                var count = Math.Min(into.Length, bytes.Length);
                bytes[..count].CopyTo(into);
                _client.Received(count);
                bytes = bytes[count..];
            }

            output.Release();
        }

        if (_client.Outgoing is not { Length: > 0 } outgoing) return;
        var rest = new ReadOnlySequence<byte>(outgoing);
        Check(_connection.Receive(ref rest));
        _client.Sent(outgoing.Length - (int)rest.Length);
    }

    public void OutputReady() => _signal.Set();

    public void Resume() => _signal.Set();

    public void Close() => _signal.Set();

    public void Dispose() => _connection.Dispose();

    private void Check(Progress progress)
    {
        if (progress == Progress.Closed) throw new FaultException(Fault.Refused, $"the gateway closed the connection of {_client.ClientId}{(_isIntroduced ? "" : " at once")}");
    }
}
