using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Millrace.Server.Listeners;

/// <summary>A connection with a thread of its own, which waits for what comes and answers it.</summary>
/// <remarks>
/// A small query takes less time than waking the threads that requests go through otherwise: one that waits for all sockets, then one of the pool, then those that
/// the pool wakes to look whether there is more. Here the kernel wakes the one that answers. What takes long leaves this thread by itself, and what waits for its
/// client does so without a thread.
/// </remarks>
internal sealed class ConsoleConnection : DefaultConnectionContext, IMemoryPoolFeature
{
    private const int PauseReadingBytes = 1024 * 1024;
    private const int PauseWritingBytes = 64 * 1024;

    private readonly Socket _socket;
    private readonly Pipe _input;
    private readonly Pipe _output;
    private readonly Action _ended;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<ArraySegment<byte>> _segments = [];
    private readonly Lock _lock = new();
    private Task _sent = Task.CompletedTask;
    private ConnectionAbortedException? _aborted;
    private bool _shut;

    /// <param name="socket">Connected; owned by this.</param>
    /// <param name="pool">Memory for what is read and written.</param>
    /// <param name="ended">Called when its thread ends.</param>
    public ConsoleConnection(Socket socket, MemoryPool<byte> pool, Action ended)
        : base(Guid.NewGuid().ToString("N"))
    {
        (_socket, _ended, MemoryPool) = (socket, ended, pool);

        // Sends that would wait are to say so: then a task waits, and not who sends. The thread that receives waits by Poll.
        socket.Blocking = false;
        _input = new Pipe(Options(pool, PauseReadingBytes));
        _output = new Pipe(Options(pool, PauseWritingBytes));
        Transport = new Ends(_input.Reader, _output.Writer);
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
        Features.Set<IMemoryPoolFeature>(this);
    }

    public MemoryPool<byte> MemoryPool { get; }

    public void Start()
    {
        _sent = SendAsync();
        new Thread(Receive) { IsBackground = true, Name = "http" }.UnsafeStart();
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        Shut(abortReason);
        _output.Reader.CancelPendingRead();
    }

    public override async ValueTask DisposeAsync()
    {
        await _input.Reader.CompleteAsync();
        await _output.Writer.CompleteAsync();
        await _sent;
        await _received.Task;
        _socket.Dispose();
        _closed.Dispose();
        await base.DisposeAsync();
    }

    private static PipeOptions Options(MemoryPool<byte> pool, int pause) =>
        new(pool, PipeScheduler.Inline, PipeScheduler.Inline, pause, pause / 2, useSynchronizationContext: false);

    private void Receive()
    {
        Exception? failed = null;
        try
        {
            while (ReceiveOnce())
            {
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            failed = _aborted is { } aborted ? aborted : new ConnectionResetException(gone.Message, gone);
        }

        _input.Writer.Complete(_aborted ?? failed);
        _ended();
        _ = CloseAsync();
    }

    /// <returns>False where nothing comes any more.</returns>
    private bool ReceiveOnce()
    {
        // No memory is held while nothing comes.
        _socket.Poll(-1, SelectMode.SelectRead);
        var received = _socket.Receive(_input.Writer.GetSpan(), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return true;
        if (error != SocketError.Success) throw new SocketException((int)error);
        if (received == 0) return false;
        _input.Writer.Advance(received);

        // Whoever waits for it goes on within this call.
        var flushed = _input.Writer.FlushAsync();
        var taken = flushed.IsCompleted ? flushed.GetAwaiter().GetResult() : flushed.AsTask().GetAwaiter().GetResult();
        return !taken.IsCompleted && !taken.IsCanceled;
    }

    // Whoever waits for the end of the connection is told by the pool.
    private async Task CloseAsync()
    {
        try
        {
            await _closed.CancelAsync();
        }
        finally
        {
            _received.SetResult();
        }
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                var read = await _output.Reader.ReadAsync();
                if (read.IsCanceled) break;
                await SendAsync(read.Buffer);
                _output.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Who writes is told that nobody reads any more.
        }

        Shut(null);
        await _output.Reader.CompleteAsync();
        _input.Writer.CancelPendingFlush();
    }

    private async ValueTask SendAsync(ReadOnlySequence<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var sent = bytes.IsSingleSegment ? _socket.Send(bytes.FirstSpan, SocketFlags.None, out var error) : _socket.Send(Segments(bytes), SocketFlags.None, out error);
            if (error == SocketError.WouldBlock) sent = await _socket.SendAsync(bytes.First, SocketFlags.None);
            else if (error != SocketError.Success) throw new SocketException((int)error);
            bytes = bytes.Slice(sent);
        }
    }

    private List<ArraySegment<byte>> Segments(ReadOnlySequence<byte> bytes)
    {
        _segments.Clear();
        foreach (var segment in bytes)
            if (MemoryMarshal.TryGetArray(segment, out var array)) _segments.Add(array);
        return _segments;
    }

    /// <param name="aborted">Not null: the other side is to see that it was broken off.</param>
    private void Shut(ConnectionAbortedException? aborted)
    {
        lock (_lock)
        {
            if (_shut) return;
            _shut = true;
            _aborted = aborted;
            try
            {
                if (aborted is not null) _socket.Close(timeout: 0);
                else _socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // The other side was quicker.
            }
        }
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
