using System.Diagnostics;

namespace Millrace.Benchmarks.Measuring;

/// <summary>Nanoseconds since 1970, even and cheap: the system's time when it was made, carried on by the monotonic counter.</summary>
internal sealed class WallClock
{
    private readonly long _startTicks = Stopwatch.GetTimestamp();
    private readonly long _startNs = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    public long NowNs => _startNs + (long)((Stopwatch.GetTimestamp() - _startTicks) * (1e9 / Stopwatch.Frequency));
}
