using System.IO.Pipelines;
using System.Net.WebSockets;

namespace Millrace.Gateway.Kestrel;

/// <summary>The bytes of a WebSocket's binary frames as a pipe. Where a frame begins and ends means nothing to MQTT.</summary>
internal sealed class WebSocketPipe : IDuplexPipe
{
    private const int ReadSize = 4096;

    private readonly WebSocket _socket;

    // Beyond this no more is taken from the network until the session has looked at what is there.
    private readonly Pipe _received = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false));

    private WebSocketCloseStatus _status = WebSocketCloseStatus.NormalClosure;

    public WebSocketPipe(WebSocket socket)
    {
        _socket = socket;
        Output = PipeWriter.Create(new WebSocketOutput(socket));
    }

    public PipeReader Input => _received.Reader;

    public PipeWriter Output { get; }

    /// <summary>Takes from the network until the client closes or nobody reads any more. Never throws.</summary>
    public async Task ReceiveAsync()
    {
        try
        {
            while (await ReceiveFrameAsync().ConfigureAwait(false))
            {
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away without a word: its session ends as with any broken connection.
        }

        await _received.Writer.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Says goodbye and waits for the client's, or cuts the connection where that takes too long. To be called when all is written.</summary>
    public async Task CloseAsync(TimeSpan patience, TimeProvider time)
    {
        using var enough = new CancellationTokenSource(patience, time);
        try
        {
            await _socket.CloseAsync(_status, null, enough.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            _socket.Abort();
        }
    }

    /// <returns>False where no more will come.</returns>
    private async Task<bool> ReceiveFrameAsync()
    {
        // An empty read waits for bytes without holding memory for them.
        var got = await _socket.ReceiveAsync(Memory<byte>.Empty, default).ConfigureAwait(false);
        if (got.MessageType == WebSocketMessageType.Binary)
            got = await _socket.ReceiveAsync(_received.Writer.GetMemory(ReadSize), default).ConfigureAwait(false);

        // [MQTT-6.0.0-1] Binary frames only; any other closes the connection.
        if (got.MessageType == WebSocketMessageType.Text) _status = WebSocketCloseStatus.InvalidMessageType;
        if (got.MessageType != WebSocketMessageType.Binary) return false;
        _received.Writer.Advance(got.Count);
        var flush = await _received.Writer.FlushAsync().ConfigureAwait(false);
        return !flush.IsCompleted;
    }
}
