namespace Millrace.Testing.Mqtt;

/// <summary>A clock that stands still until the test moves it; timers that are due run in the test's thread.</summary>
public sealed class ManualTime : TimeProvider
{
    // Timers are made by the threads of what is tested as well.
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.UtcTicks;

    public override DateTimeOffset GetUtcNow() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state, period);
        timer.Change(dueTime, period);
        lock (_gate) _timers.Add(timer);
        return timer;
    }

    /// <summary>The process that made the timers is gone, and they with it.</summary>
    public void DropTimers()
    {
        lock (_gate) _timers.Clear();
    }

    public void Advance(TimeSpan by)
    {
        var end = _now + by;
        while (NextUntil(end) is { } due)
        {
            _now = due.DueAt;
            due.Fire();
        }

        _now = end;
    }

    private ManualTimer? NextUntil(DateTimeOffset end)
    {
        lock (_gate) return _timers.Where(t => t.DueAt <= end).MinBy(static t => t.DueAt);
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state, TimeSpan period) : ITimer
    {
        private TimeSpan _period = period;

        public DateTimeOffset DueAt { get; private set; } = DateTimeOffset.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            DueAt = dueTime == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : time._now + dueTime;
            return true;
        }

        public void Fire()
        {
            DueAt = _period > TimeSpan.Zero ? DueAt + _period : DateTimeOffset.MaxValue;
            callback(state);
        }

        public void Dispose() => DueAt = DateTimeOffset.MaxValue;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
