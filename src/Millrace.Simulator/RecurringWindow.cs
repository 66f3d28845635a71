using System.Globalization;

namespace Millrace.Simulator;

/// <summary>A stretch of time that comes back. Counted from 1970, so that it is the same after a restart.</summary>
/// <param name="First">From 1970 to the beginning of one of them.</param>
/// <param name="Every">From one beginning to the next.</param>
/// <param name="Lasts">Shorter than <paramref name="Every"/>.</param>
public readonly record struct RecurringWindow(TimeSpan First, TimeSpan Every, TimeSpan Lasts)
{
    /// <param name="time">Any.</param>
    /// <param name="progress">From 0 at the beginning of the window to 1 at its end; 0 outside.</param>
    public bool Contains(DateTimeOffset time, out double progress)
    {
        var since = (time - DateTimeOffset.UnixEpoch - First).Ticks % Every.Ticks;
        if (since < 0) since += Every.Ticks;
        var isInside = since < Lasts.Ticks;
        progress = isInside ? (double)since / Lasts.Ticks : 0;
        return isInside;
    }

    public bool Contains(DateTimeOffset time) => Contains(time, out _);

    /// <summary>The beginning of the window that is open at a time, or else of the next.</summary>
    public DateTimeOffset BeginsAt(DateTimeOffset time)
    {
        var since = (time - DateTimeOffset.UnixEpoch - First).Ticks % Every.Ticks;
        if (since < 0) since += Every.Ticks;
        return time.AddTicks(since < Lasts.Ticks ? -since : Every.Ticks - since);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"for {Lasts.TotalSeconds:F0} s every {Every.TotalSeconds:F0} s");
}
