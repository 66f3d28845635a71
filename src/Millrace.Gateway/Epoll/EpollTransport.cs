using System.Buffers;
using Millrace.Gateway.Connections;
using Millrace.Mqtt;

namespace Millrace.Gateway.Epoll;

/// <summary>Drives one connection over a socket. All of it happens on the loop's thread; other threads only leave errands.</summary>
internal sealed class EpollTransport(EpollLoop loop, int socket, Acceptor acceptor, Peer peer) : LoopMember(loop), ITransport
{
    private const uint Interest = EpollEvents.In | EpollEvents.Out | EpollEvents.FarEndClosed | EpollEvents.EdgeTriggered;

    private Connection? _connection;
    private CancellationTokenSource? _waiting;
    private PartialInput _input;
    private UnsentOutput _output;
    private Phase _phase;
    private Progress _needs;
    private bool _isReadable;
    private bool _farEndClosed;
    private bool _isAtEnd;
    private bool _isGone;

    void ITransport.OutputReady() => Post(Errands.Send);

    void ITransport.Resume() => Post(Errands.Quiet);

    void ITransport.Close() => Post(Errands.End);

    public override void Run(Errands errands)
    {
        if (errands.HasFlag(Errands.Start)) Start();
        if (errands.HasFlag(Errands.Send)) Send();
        if (_phase == Phase.Waiting && errands.HasFlag(_needs == Progress.NeedQuiet ? Errands.Quiet : Errands.Awaited)) HandInAgain();
        else if (errands.HasFlag(Errands.GoOn)) Read();
        if (errands.HasFlag(Errands.End)) End();
    }

    public override void Ready(uint events)
    {
        // Each is told once, when it comes to be so; it is remembered until a call to the socket says otherwise.
        if ((events & (EpollEvents.FarEndClosed | EpollEvents.Error | EpollEvents.HangUp)) != 0) _farEndClosed = true;
        if (_farEndClosed || (events & EpollEvents.In) != 0) _isReadable = true;
        if ((events & EpollEvents.Out) != 0 && !_output.IsEmpty) Send();

        // Nobody is there any more, and what it sent last will not be looked at.
        if (_phase is Phase.Waiting or Phase.Ending && (events & (EpollEvents.Error | EpollEvents.HangUp)) != 0) Gone();
        else if (_isReadable) Read();
    }

    public override void Expire() => Close();

    public override void Fail(Exception failure)
    {
        EpollMessages.ConnectionFailed(acceptor.Logger, peer.Address, failure);
        try
        {
            Close();
            _connection?.Dispose();
        }
#pragma warning disable CA1031 // It failed before, which has been told.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    public override void Stop() => _connection!.Close(ReasonCode.ServerShuttingDown);

    private void Start()
    {
        _connection = Loop.IsStopping ? null : acceptor.Open(this, peer);
        if (_connection is null)
        {
            Abandon();
        }
        else if (!Loop.Add(this, socket, Interest))
        {
            EpollMessages.NotWatched(acceptor.Logger, peer.Address, Libc.Errno);
            _connection.Dispose();
            Abandon();
        }
        else
        {
            _phase = Phase.Open;
        }
    }

    private void Read()
    {
        if (_phase is not (Phase.Open or Phase.Lingering)) return;
        var buffer = _input.Prepare(Loop.Buffer, out var start, out var end);
        var asked = buffer.Length - end;
        var received = (int)Libc.Receive(socket, buffer.AsSpan(end), asked, 0);
        if (received > 0)
        {
            if (_phase == Phase.Open) Handle(buffer, start, end + received - start);

            // Less than there was room for means that there is no more. Whether the end is behind it only the next call says.
            if (received < asked && !_farEndClosed) _isReadable = false;
            else Post(Errands.GoOn);
        }
        else if (received == 0)
        {
            _isAtEnd = true;
            if (_phase == Phase.Open) End();
            else Close();
        }
        else if (Libc.Errno == ErrorNumber.Interrupted)
        {
            Post(Errands.GoOn);
        }
        else if (Libc.Errno == ErrorNumber.Again)
        {
            _isReadable = false;
        }
        else
        {
            Gone();
        }
    }

    private void HandInAgain()
    {
        _phase = Phase.Open;
        _waiting = null;
        var rest = _input.Rest;
        Handle(rest.Array!, rest.Offset, rest.Count);
        if (_isReadable) Post(Errands.GoOn);
    }

    private void Handle(byte[] buffer, int start, int length)
    {
        var rest = new ReadOnlySequence<byte>(buffer, start, length);
        var progress = _connection!.Receive(ref rest);
        var left = (int)rest.Length;
        _input.Keep(buffer, start + length - left, left);
        switch (progress)
        {
            case Progress.NeedRoom:
                _waiting = new CancellationTokenSource();
                _ = AwaitAsync(_connection.WaitForRoomAsync(_waiting.Token));
                break;
            case Progress.NeedAccess:
                _waiting = new CancellationTokenSource();
                _ = AwaitAsync(_connection.AuthenticateAsync(_waiting.Token));
                break;
            case Progress.Closed:
                End();
                return;
            case Progress.NeedInput:
                return;
        }

        (_phase, _needs) = (Phase.Waiting, progress);
    }

    private async Task AwaitAsync(ValueTask wait)
    {
        try
        {
            await wait.ConfigureAwait(false);
            Post(Errands.Awaited);
        }
        catch (OperationCanceledException)
        {
            // The connection has ended meanwhile.
        }
#pragma warning disable CA1031 // Nobody else would hear of it, and the connection would wait for ever.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            EpollMessages.ConnectionFailed(acceptor.Logger, peer.Address, failure);
            Post(Errands.End);
        }
    }

    private void Send()
    {
        if (_phase is Phase.New or Phase.Closed || !SendRest()) return;
        if (_connection!.TryTakeOutput(out var bytes))
        {
            _output.Take(bytes);
            if (!SendRest()) return;
        }

        if (_phase == Phase.Ending) Linger();
    }

    /// <returns>False where there is more to send than can be now.</returns>
    private bool SendRest()
    {
        if (_output.IsEmpty) return true;
        var outcome = _output.Send(socket);
        if (outcome == SendOutcome.Gone) Gone();
        return outcome == SendOutcome.Sent;
    }

    /// <summary>No more is read; what there is to say is sent, for as long as the broker's patience lasts.</summary>
    private void End()
    {
        if (_phase >= Phase.Ending) return;
        _phase = Phase.Ending;
        _waiting?.Cancel();
        _input.Drop();
        _connection!.Dispose();
        if (_isGone) return;
        Send();
        if (_phase != Phase.Closed) Loop.EndInTime(this);
    }

    /// <summary>A socket that is closed with bytes unread resets the connection, and the far end might lose what it was sent last.</summary>
    private void Linger()
    {
        if (_isAtEnd)
        {
            Close();
            return;
        }

        _phase = Phase.Lingering;
        _ = Libc.Shutdown(socket, Libc.ShutWrite);
        if (_isReadable) Post(Errands.GoOn);
    }

    private void Gone()
    {
        _isGone = true;
        End();
        Close();
    }

    private void Close()
    {
        if (_phase == Phase.Closed) return;
        if (_phase != Phase.New) Loop.Remove(this);
        Abandon();
    }

    private void Abandon()
    {
        _phase = Phase.Closed;
        _output.Drop();
        _input.Drop();
        _ = Libc.Close(socket);
        Loop.Left();
        acceptor.Left();
    }
}
