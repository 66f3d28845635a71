namespace Millrace.Simulator.Links;

/// <summary>How long to wait before the next try: twice as long each time, and never all devices at once.</summary>
internal sealed class Backoff(Random random)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private TimeSpan _most = Shortest;

    /// <returns>Between half and all of the time it has come to.</returns>
    public TimeSpan Next()
    {
        var wait = _most * (0.5 + (random.NextDouble() / 2));
        _most = _most * 2 < Longest ? _most * 2 : Longest;
        return wait;
    }

    public void Reset() => _most = Shortest;
}
