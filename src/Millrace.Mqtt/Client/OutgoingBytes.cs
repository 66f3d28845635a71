using System.Buffers;

namespace Millrace.Mqtt.Client;

/// <summary>Collects packets while earlier ones are on their way to the stream, so that many share one write.</summary>
internal sealed class OutgoingBytes(Stream stream, Action<Exception> failed) : IThreadPoolWorkItem
{
    // A server that does not read stops the publishers here instead of filling memory.
    private const int Limit = 256 * 1024;

    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte> _next = new();
    private ArrayBufferWriter<byte> _onItsWay = new();
    private TaskCompletionSource? _room;
    private bool _writing;
    private bool _closed;

    /// <summary>Goes up with every packet; the keep-alive looks whether it did.</summary>
    public long Packets { get; private set; }

    public delegate void Layout<TState>(IBufferWriter<byte> output, in TState state)
        where TState : allows ref struct;

    /// <returns>False where the connection is closed.</returns>
    public bool Add<TState>(in TState state, Layout<TState> layout)
        where TState : allows ref struct
    {
        lock (_gate)
        {
            if (_closed) return false;
            layout(_next, state);
            Packets++;
            if (_writing) return true;
            _writing = true;
        }

        // On another thread, so that what the caller adds until it gets there goes out in the same write.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    /// <summary>Ends when less than the limit waits to be written.</summary>
    public ValueTask RoomAsync(CancellationToken stop)
    {
        lock (_gate)
        {
            if (_closed || _next.WrittenCount < Limit) return default;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_room.Task.WaitAsync(stop));
        }
    }

    /// <summary>Ends when all that was added is with the operating system.</summary>
    public async Task FlushedAsync(CancellationToken stop)
    {
        while (true)
        {
            Task round;
            lock (_gate)
            {
                if (_closed || !_writing) return;
                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                round = _room.Task;
            }

            await round.WaitAsync(stop).ConfigureAwait(false);
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _room?.TrySetResult();
            _room = null;
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = WriteAsync();

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                lock (_gate)
                {
                    _onItsWay.ResetWrittenCount();
                    (_next, _onItsWay) = (_onItsWay, _next);
                    _room?.TrySetResult();
                    _room = null;
                    if (_onItsWay.WrittenCount == 0)
                    {
                        _writing = false;
                        return;
                    }
                }

                await stream.WriteAsync(_onItsWay.WrittenMemory).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            failed(e);
        }
    }
}
