using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Millrace.Gateway.Connections;

namespace Millrace.Gateway.Kestrel;

/// <summary>Writes what a session has to say. Whoever finds output writes it; while a flush is pending, it collects in the session.</summary>
/// <param name="pipe">Of a socket, of TLS or of a WebSocket.</param>
/// <param name="abort">Cuts the connection, told why.</param>
[SuppressMessage("Design", "CA1001", Justification = "A session may be closed by another thread at the very end; neither field holds anything but memory.")]
internal sealed class PipeTransport(IDuplexPipe pipe, Action<string> abort) : ITransport
{
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _resume = new(0);
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Connection _session = null!;
    private int _isWriting;
    private volatile bool _isEnding;

    public PipeReader Input => pipe.Input;

    /// <summary>Cancelled when the session is over: nobody needs to wait for anything else.</summary>
    public CancellationToken Closing => _closing.Token;

    public void Start(Connection session) => _session = session;

    public Task ResumedAsync() => _resume.WaitAsync(_closing.Token);

    public void OutputReady()
    {
        if (Interlocked.Exchange(ref _isWriting, 1) == 0) Write();
    }

    public void Resume() => _resume.Release();

    public void Close()
    {
        OutputReady();
        Input.CancelPendingRead();
        _ = _closing.CancelAsync();
    }

    /// <summary>Waits until the last output is written, or cuts the connection where that takes too long.</summary>
    public async Task EndAsync(TimeSpan patience, TimeProvider time)
    {
        _isEnding = true;
        OutputReady();
        try
        {
            await _written.Task.WaitAsync(patience, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            abort("The client did not read the last bytes in time.");
        }
    }

    private void Write()
    {
        try
        {
            do
            {
                if (!WriteAll()) return;
                if (_isEnding) _written.TrySetResult();
                Volatile.Write(ref _isWriting, 0);
            }
            while ((_session.HasOutput || (_isEnding && !_written.Task.IsCompleted)) && Interlocked.Exchange(ref _isWriting, 1) == 0);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The connection is gone, which its read loop sees too. Nothing is written any more: this keeps its turn to write for good.
            _written.TrySetResult();
        }
    }

    /// <returns>False where a flush is pending, after which writing goes on by itself.</returns>
    private bool WriteAll()
    {
        var output = pipe.Output;
        while (_session.TryTakeOutput(out var bytes))
        {
            output.Write(bytes.Span);
            bytes.Release();
            var flush = output.FlushAsync();
            if (!flush.IsCompletedSuccessfully)
            {
                _ = WriteOnAsync(flush);
                return false;
            }

            flush.GetAwaiter().GetResult();
        }

        return true;
    }

    private async Task WriteOnAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            await flush.ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            _written.TrySetResult();
            return;
        }

        Write();
    }
}
