using System.ComponentModel;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Millrace.Gateway.Connections;
using Millrace.Gateway.Kestrel;
using Millrace.Gateway.Listening;

namespace Millrace.Gateway.Epoll;

/// <summary>Takes connections from a listening socket and gives each to the loop that has the fewest.</summary>
internal sealed class Acceptor : LoopMember
{
    // Others of the loop have their turn after as many.
    private const int MostInARound = 64;

    // Where the system has no descriptor left, nothing tells when it has one again.
    private static readonly TimeSpan Breather = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BetweenWords = TimeSpan.FromSeconds(10);

    private readonly Broker _broker;
    private readonly ListenerOptions _listener;
    private readonly Socket _socket;
    private readonly IReadOnlyList<EpollLoop> _loops;
    private readonly ConnectRate? _rate;
    private readonly ITimer _pause;
    private readonly RareWord _full;
    private readonly RareWord _exhausted;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (int Socket, string Address)? _held;
    private bool _isWatched;
    private int _count;

    /// <param name="broker">Where connections are opened.</param>
    /// <param name="listener">How many, and how fast.</param>
    /// <param name="socket">Listens, without blocking. It belongs to this from now on.</param>
    /// <param name="loops">They share the connections; the first also accepts them.</param>
    public Acceptor(Broker broker, ListenerOptions listener, Socket socket, IReadOnlyList<EpollLoop> loops)
        : base(loops[0])
    {
        (_broker, _listener, _socket, _loops) = (broker, listener, socket, loops);
        if (listener.MaxConnectRate is { } rate) _rate = new ConnectRate(rate, TimeSpan.FromDays(1), broker.Time);
        (_full, _exhausted) = (new RareWord(BetweenWords, broker.Time), new RareWord(BetweenWords, broker.Time));
        _pause = broker.Time.CreateTimer(_ => Post(Errands.Awaited), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ILogger Logger => _broker.Logger;

    private int Handle => (int)_socket.SafeHandle.DangerousGetHandle();

    /// <summary>Ends when no further connection will be taken.</summary>
    public Task StopAsync()
    {
        Post(Errands.End);
        return _stopped.Task;
    }

    public Connection? Open(ITransport transport, Peer peer) => _broker.Open(transport, peer);

    /// <summary>One that was accepted is closed. Any thread.</summary>
    public void Left() => Interlocked.Decrement(ref _count);

    public override void Run(Errands errands)
    {
        if (_stopped.Task.IsCompleted) return;
        if (_held is var (socket, address))
        {
            _held = null;
            HandOver(socket, address);
        }

        if ((errands & (Errands.Start | Errands.Awaited)) != 0) Watch();
        if (errands.HasFlag(Errands.End)) Stop();
    }

    public override void Ready(uint events)
    {
        Span<byte> address = stackalloc byte[SocketAddressText.MostBytes];
        var end = SpareDescriptors.End();
        for (var i = 0; i < MostInARound; i++)
        {
            var length = address.Length;
            var socket = Libc.Accept(_socket.SafeHandle, address, ref length, Libc.SocketNonBlocking | Libc.CloseOnExec);
            var goesOn = socket < 0 ? CanGoOn(Libc.Errno) : socket < end ? Take(socket, SocketAddressText.Of(address)) : TurnAwayForSpare(socket);
            if (!goesOn) return;
        }
    }

    public override void Expire()
    {
    }

    public override void Fail(Exception failure)
    {
        EpollMessages.AcceptFailed(Logger, _listener.Name, failure);
        Pause(Breather);
    }

    public override void Stop()
    {
        if (_stopped.Task.IsCompleted) return;
        _pause.Dispose();
        if (_held is { } held) _ = Libc.Close(held.Socket);
        if (_isWatched) Loop.Remove(this);
        _socket.Dispose();
        _stopped.SetResult();
    }

    private void Watch()
    {
        if (_isWatched) Loop.Change(this, Handle, EpollEvents.In);
        else if (Loop.Add(this, Handle, EpollEvents.In)) _isWatched = true;
        else Fail(new Win32Exception(Libc.Errno));
    }

    /// <returns>False where it, and those behind it, must wait for their turn.</returns>
    private bool Take(int socket, string address)
    {
        if (Interlocked.Increment(ref _count) > _listener.MaxConnections)
        {
            _ = Libc.Close(socket);
            Left();
            _broker.Counters.ConnectionRefused(_listener.Name);
            if (_full.IsDue(out var unsaid)) ListenerLog.TurnedAway(Logger, _listener.Name, address, $"maxConnections is {_listener.MaxConnections}", unsaid);
            return true;
        }

        if (_rate is not null && _rate.TryTakeTurn(out var wait) && wait > TimeSpan.Zero)
        {
            _held = (socket, address);
            Pause(wait);
            return false;
        }

        HandOver(socket, address);
        return true;
    }

    private void HandOver(int socket, string address)
    {
        var loop = _loops.MinBy(static loop => loop.Connections)!;
        loop.Joined();
        new EpollTransport(loop, socket, this, new Peer(address, _listener)).Post(Errands.Start);
    }

    /// <returns>False where there is no connection to take now.</returns>
    private bool CanGoOn(int error)
    {
        switch (error)
        {
            case ErrorNumber.Again:
                return false;
            case ErrorNumber.TooManyInProcess or ErrorNumber.TooManyInSystem or ErrorNumber.OutOfBuffers or ErrorNumber.OutOfMemory:
                Exhausted(new Win32Exception(error).Message);
                return false;
            default:
                // Of the connection that would have been next: it is gone already.
                return true;
        }
    }

    private bool TurnAwayForSpare(int socket)
    {
        _ = Libc.Close(socket);
        _broker.Counters.ConnectionRefused(_listener.Name);
        Exhausted("what is left of the limit of open files is for the rest of the server");
        return false;
    }

    private void Exhausted(string why)
    {
        if (_exhausted.IsDue(out _)) EpollMessages.NoDescriptor(Logger, _listener.Name, why);
        Pause(Breather);
    }

    private void Pause(TimeSpan time)
    {
        if (_isWatched) Loop.Change(this, Handle, 0);
        _pause.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(time.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }
}
