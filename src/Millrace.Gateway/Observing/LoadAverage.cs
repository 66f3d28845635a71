namespace Millrace.Gateway.Observing;

/// <summary>How much of something came a minute, averaged exponentially over one, five and fifteen minutes as mosquitto does it.</summary>
internal sealed class LoadAverage
{
    private readonly double[] _averages = new double[Windows.Length];
    private long _last;

    /// <summary>Minutes.</summary>
    public static ReadOnlySpan<int> Windows => [1, 5, 15];

    /// <summary>By window.</summary>
    public ReadOnlySpan<double> PerMinute => _averages;

    /// <param name="total">All there ever was, up to now.</param>
    /// <param name="since">The time since the last call.</param>
    public void Add(long total, TimeSpan since)
    {
        var perMinute = (total - _last) / since.TotalMinutes;
        _last = total;
        for (var i = 0; i < Windows.Length; i++)
            _averages[i] = perMinute + (Math.Exp(-since.TotalMinutes / Windows[i]) * (_averages[i] - perMinute));
    }
}
