namespace Millrace.Simulator;

/// <summary>What can be wrong with a simulated device.</summary>
public enum DeviceFaultKind
{
    /// <summary>Its timestamps are ahead of the time, always by as much.</summary>
    ClockAhead,

    /// <summary>It is offline now and then, and delivers late, all at once, with the times at which it measured.</summary>
    Burst,

    /// <summary>It measures what it should not, now and then.</summary>
    Anomaly,
}
