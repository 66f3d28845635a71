using System.Net.Sockets;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Load;

/// <summary>Connections that are made and ended: TCP, CONNECT, CONNACK, DISCONNECT, a fixed number of them at once. One thread.</summary>
internal sealed class StormLoad(LoadOptions options, Action<long> progress) : ILoad
{
    private const int ProgressEvery = 100;
    private const int WaitMs = 100;
    private static readonly long PatienceNs = 30_000_000_000;

    private readonly Epoll _epoll = new();
    private readonly LoadTally _tally = new();
    private readonly (Socket? Socket, long StartNs)[] _open = new (Socket?, long)[options.Shape.Connections];
    private readonly int[] _ready = new int[256];
    private readonly byte[] _answer = new byte[64];

    public void Connect(CancellationToken stop)
    {
        // They are what is measured.
    }

    public Task<LoadLine> RunAsync(CancellationToken stop)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var startNs = _tally.ReadClock();
        for (var i = 0; i < _open.Length && _tally.Sent < options.Messages; i++) Open(i);
        while (_tally.Acknowledged < options.Messages)
        {
            stop.ThrowIfCancellationRequested();
            var count = _epoll.Wait(_ready, WaitMs);
            for (var i = 0; i < count; i++) Take(_ready[i]);
            if (_tally.ReadClock() - Math.Max(_tally.LastNs, startNs) > PatienceNs)
                throw new FaultException(Fault.Unavailable, $"no CONNACK for 30 s: {_tally.Acknowledged:N0} of {_tally.Sent:N0} connections were answered");
        }

        return Task.FromResult(LoadLine.Of(_tally, startNs, Environment.CpuUsage.TotalTime - cpu));
    }

    public void Dispose()
    {
        foreach (var (socket, _) in _open) socket?.Dispose();
        _epoll.Dispose();
    }

    private void Open(int place)
    {
        var startNs = _tally.ReadClock();
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(options.Connect);
            socket.Send(MqttPackets.Connect(Publisher.NameOf((int)_tally.Sent)));
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new FaultException(Fault.Unavailable, $"connection {_tally.Sent + 1:N0}: {e.Message}", e);
        }

        _open[place] = (socket, startNs);
        _epoll.Watch(socket, place);
        _tally.Sent++;
    }

    private void Take(int place)
    {
        var (socket, startNs) = _open[place];
        var count = socket!.Receive(_answer, SocketFlags.None, out var error);
        _tally.ReadClock();

        // Four bytes that were sent in one piece on loopback come in one.
        if (error != SocketError.Success || count < MqttPackets.AckLength || _answer[0] != MqttPackets.ConnackType || _answer[3] != 0)
            throw new FaultException(Fault.Unavailable, $"a CONNECT was answered with '{Convert.ToHexString(_answer.AsSpan(0, count))}' ({error})");
        _tally.Acknowledge(startNs);
        socket.Send(MqttPackets.Disconnect, SocketFlags.None, out _);
        socket.Dispose(); // which takes it from epoll too
        _open[place] = default;
        if (_tally.Acknowledged % ProgressEvery == 0) progress(_tally.Acknowledged);
        if (_tally.Sent < options.Messages) Open(place);
    }
}
