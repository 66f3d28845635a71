using Millrace.Gateway.Counting;

namespace Millrace.Gateway.Connections;

/// <summary>Keeps one client to what its listener lets a client publish in a second: beyond it the client is not read from for a while.</summary>
/// <remarks>The receiving thread calls, but for <see cref="Dispose"/>. The timer's thread does nothing but have reading resumed.</remarks>
internal sealed class PublishRate : IDisposable
{
    // A client that is always ahead of its rate is woken twenty times a second, not for each message.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);

    private readonly Connection _connection;
    private readonly ListenerCounters _counters;
    private readonly TimeProvider _time;
    private readonly TokenBucket? _messages;
    private readonly TokenBucket? _bytes;
    private long _filledAt;
    private ITimer? _timer;
    private volatile bool _isPausing;

    private PublishRate(Connection connection, ListenerOptions listener, ListenerCounters counters, TimeProvider time)
    {
        (_connection, _counters, _time, _filledAt) = (connection, counters, time, time.GetTimestamp());
        if (listener.MaxPublishRate is { } messages) _messages = new TokenBucket(messages);
        if (listener.MaxPublishBytes is { } bytes) _bytes = new TokenBucket(bytes.Bytes);
    }

    /// <summary>Whether nothing is to be read now; the transport is told when that is over.</summary>
    public bool IsPausing => _isPausing;

    private bool IsUsedUp => _messages?.IsEmpty == true || _bytes?.IsEmpty == true;

    /// <returns>Null where the connection's listener has no such limit.</returns>
    public static PublishRate? Of(Connection connection, ListenerCounters counters, TimeProvider time)
    {
        var listener = connection.Peer.Listener;
        return listener.MaxPublishRate is null && listener.MaxPublishBytes is null ? null : new PublishRate(connection, listener, counters, time);
    }

    /// <summary>There is a message to take.</summary>
    /// <returns>False where it has to wait: a pause begins.</returns>
    public bool TryBegin()
    {
        Fill();
        if (!IsUsedUp) return true;
        _counters.Throttled();
        _isPausing = true;
        _timer ??= _time.CreateTimer(static rate => ((PublishRate)rate!).Resume(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(Pause(), Timeout.InfiniteTimeSpan);
        return false;
    }

    /// <summary>The message was taken.</summary>
    /// <param name="bytes">Of its packet.</param>
    public void Take(int bytes)
    {
        _messages?.Take(1);
        _bytes?.Take(bytes);
    }

    /// <summary>The connection is over.</summary>
    public void Dispose() => Volatile.Read(ref _timer)?.Dispose();

    private void Fill()
    {
        var now = _time.GetTimestamp();
        var since = _time.GetElapsedTime(_filledAt, now);
        _filledAt = now;
        _messages?.Fill(since);
        _bytes?.Fill(since);
    }

    private TimeSpan Pause()
    {
        var (messages, bytes) = (_messages?.Wait ?? TimeSpan.Zero, _bytes?.Wait ?? TimeSpan.Zero);
        var longer = messages > bytes ? messages : bytes;

        // Timers count in milliseconds and cut off what is between.
        return longer > ShortestPause ? longer + TimeSpan.FromMilliseconds(1) : ShortestPause;
    }

    private void Resume()
    {
        _isPausing = false;
        _connection.ResumeReading();
    }
}
