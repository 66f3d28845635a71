using System.Text.Json;
using Millrace.Flows.Live;
using Millrace.Server.Api;

namespace Millrace.Server.Live;

/// <summary>Makes one stats frame for all live views a few times a second, and only while somebody looks.</summary>
internal sealed class LiveStats : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(333);

    /// <summary>The rate is that of the last three seconds.</summary>
    private const int RateFrames = 9;

    private readonly LiveFeed _feed;
    private readonly Ledger _ledger;
    private readonly TimeProvider _clock;
    private readonly Queue<(long At, long Messages)> _window = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private TaskCompletionSource<byte[]> _next = NewFrame();
    private int _viewers;

    public LiveStats(LiveFeed feed, Ledger ledger, TimeProvider clock)
    {
        _feed = feed;
        _ledger = ledger;
        _clock = clock;
        _running = RunAsync(_stop.Token);
    }

    /// <summary>A viewer came; frames are made until the returned value is disposed.</summary>
    public IDisposable Enter()
    {
        Interlocked.Increment(ref _viewers);
        return new Viewer(this);
    }

    /// <summary>The next frame, UTF-8 JSON. Shared: do not write into it.</summary>
    public Task<byte[]> NextAsync(CancellationToken stop) => Volatile.Read(ref _next).Task.WaitAsync(stop);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Volatile.Read(ref _next).TrySetCanceled();
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        while (await timer.WaitForNextTickAsync(stop))
        {
            var rate = Rate();
            if (Volatile.Read(ref _viewers) == 0) continue;
            var frame = JsonSerializer.SerializeToUtf8Bytes(Frame(rate), Answers.Default.StatsFrame);
            Interlocked.Exchange(ref _next, NewFrame()).TrySetResult(frame);
        }
    }

    private double Rate()
    {
        var now = (At: _clock.GetTimestamp(), Messages: _feed.Passed);
        _window.Enqueue(now);
        if (_window.Count > RateFrames + 1) _window.Dequeue();
        var first = _window.Peek();
        var seconds = _clock.GetElapsedTime(first.At, now.At).TotalSeconds;
        return seconds > 0 ? Math.Max(0, Math.Round((now.Messages - first.Messages) / seconds, 1)) : 0;
    }

    private StatsFrame Frame(double rate)
    {
        var ledger = _ledger.Read();
        return new StatsFrame("stats", _clock.GetUtcNow(), _feed.Messages, rate, LastOf(_feed.Last), ledger.Gateway, ledger.Flows, ledger.Balanced);
    }

    private static LastMessage? LastOf(LiveMessage? message)
    {
        if (message is null) return null;
        var (payload, encoding) = PayloadText.Of(message.Payload, cut: message.PayloadLength > message.Payload.Length);
        return new LastMessage(message.Topic, payload, encoding, message.At);
    }

    private static TaskCompletionSource<byte[]> NewFrame() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Viewer(LiveStats stats) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) Interlocked.Decrement(ref stats._viewers);
        }
    }
}
