namespace Millrace.Tests.Storage.Series;

/// <summary>Stands still until a test moves it; timers run in the test's own thread then. Elapsed time, for limits of queries, is real.</summary>
internal sealed class SteppedClock(DateTimeOffset now) : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private readonly Lock _lock = new();
    private DateTimeOffset _now = now;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        // What repeats faster than a second watches something real, and must run by itself.
        if (period < TimeSpan.FromSeconds(1)) return System.CreateTimer(callback, state, dueTime, period);
        var timer = new Timer(this, () => callback(state));
        lock (_lock) _timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        Timer[] due;
        lock (_lock)
        {
            _now += by;
            due = [.. _timers];
        }

        foreach (var timer in due) timer.Run();
    }

    private sealed class Timer(SteppedClock clock, Action run) : ITimer
    {
        public void Run() => run();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            lock (clock._lock) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
