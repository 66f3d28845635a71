namespace Millrace.Gateway.Listening;

/// <summary>Gives each new connection its turn: so many a second, a second's worth at once, and a queue of a few seconds. Any thread.</summary>
internal sealed class ConnectRate(int perSecond, TimeSpan maxWait, TimeProvider time)
{
    private readonly long _step = Math.Max(1, time.TimestampFrequency / perSecond);
    private readonly long _maxWait = (long)(maxWait.TotalSeconds * time.TimestampFrequency);
    private readonly Lock _gate = new();
    private long? _next;

    /// <returns>False where the queue is full.</returns>
    public bool TryTakeTurn(out TimeSpan wait)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            // What was not used in the last second may come at once, and no more than that.
            var turn = Math.Max(_next ?? long.MinValue, now - time.TimestampFrequency + _step);
            var left = turn - now;
            wait = left > 0 ? TimeSpan.FromSeconds((double)left / time.TimestampFrequency) : TimeSpan.Zero;
            if (left > _maxWait) return false;
            _next = turn + _step;
            return true;
        }
    }
}
