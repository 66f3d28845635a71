namespace Millrace.Simulator.Devices;

/// <summary>What is wrong with one device, as the device itself needs it.</summary>
internal sealed record DeviceFaults
{
    public TimeSpan Ahead { get; init; }

    public RecurringWindow? Offline { get; init; }

    public RecurringWindow? Anomaly { get; init; }

    public bool IsOnline(DateTimeOffset now) => Offline?.Contains(now) != true;

    /// <summary>How strongly the anomaly shows: a quick rise to 1, then a slow decay. 0 where there is none.</summary>
    public double AnomalyAt(DateTimeOffset now)
    {
        if (Anomaly?.Contains(now, out var progress) != true) return 0;
        const double top = 0.3;
        return progress < top ? Math.Sin(progress / top * Math.PI / 2) : Math.Exp(-4 * (progress - top));
    }
}
