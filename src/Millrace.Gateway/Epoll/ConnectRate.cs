namespace Millrace.Gateway.Epoll;

/// <summary>Lets so many through in a second, of which all may come at once.</summary>
internal sealed class ConnectRate(int? perSecond, TimeProvider time)
{
    private double _left = perSecond ?? 0;
    private long _at = time.GetTimestamp();

    /// <returns>How long the next one has to wait.</returns>
    public TimeSpan Wait()
    {
        if (perSecond is not { } rate) return TimeSpan.Zero;
        var now = time.GetTimestamp();
        _left = Math.Min(rate, _left + (time.GetElapsedTime(_at, now).TotalSeconds * rate));
        _at = now;
        return _left >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - _left) / rate);
    }

    public void Took()
    {
        if (perSecond is not null) _left--;
    }
}
