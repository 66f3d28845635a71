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

    /// <param name="broker">Opens the connection.</param>
    /// <param name="client">Not introduced yet.</param>
    /// <param name="signal">Set where it is worth to pump again.</param>
    public LinkedClient(Broker broker, LoadClient client, AutoResetEvent signal)
    {
        (_client, _signal) = (client, signal);
        var peer = new Peer(new IPEndPoint(IPAddress.Loopback, 0).ToString(), new ListenerOptions());
        _connection = broker.Open(this, peer) ?? throw new FaultException(Fault.Unavailable, "the broker takes no connections");
    }

    /// <summary>Says packets, one after the other, each when there is an answer to the one before. What the answers say is of no interest.</summary>
    public async Task IntroduceAsync(IEnumerable<byte[]> packets, CancellationToken stop)
    {
        foreach (var packet in packets)
        {
            var rest = packet.Length;
            while (Give(packet, ref rest) == Progress.NeedAccess) await _connection.AuthenticateAsync(stop);
            OutputBytes answer;
            while (!_connection.TryTakeOutput(out answer)) await Task.Yield();
            answer.Release();
        }
    }

    /// <summary>Carries what there is, both ways.</summary>
    /// <returns>False where that was nothing.</returns>
    public bool Pump()
    {
        var moved = false;
        while (_connection.TryTakeOutput(out var output))
        {
            moved = true;
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

        if (_client.Outgoing is not { Length: > 0 } outgoing) return moved;
        var rest = outgoing.Length;
        Give(outgoing, ref rest);
        _client.Sent(outgoing.Length - rest);
        return moved || rest < outgoing.Length;
    }

    public void OutputReady() => _signal.Set();

    public void Resume() => _signal.Set();

    public void Close() => _signal.Set();

    public void Dispose() => _connection.Dispose();

    /// <param name="bytes">Their last <paramref name="rest"/> are given.</param>
    /// <param name="rest">What is left of them, to be given again.</param>
    private Progress Give(ReadOnlyMemory<byte> bytes, ref int rest)
    {
        var given = new ReadOnlySequence<byte>(bytes[^rest..]);
        var progress = _connection.Receive(ref given);
        rest = (int)given.Length;
        return progress == Progress.Closed ? throw new FaultException(Fault.Refused, $"the gateway closed the connection of {_client.ClientId}") : progress;
    }
}
