namespace Millrace.Gateway.Epoll;

/// <summary>Keeps a line out of the log that would stand there thousands of times.</summary>
internal sealed class OnceInAWhile(TimeProvider time)
{
    private static readonly TimeSpan While = TimeSpan.FromSeconds(1);

    private long? _last;

    public bool IsDue()
    {
        var now = time.GetTimestamp();
        if (_last is { } last && time.GetElapsedTime(last, now) < While) return false;
        _last = now;
        return true;
    }
}
