namespace Millrace.Simulator;

/// <summary>A fault made on purpose, with all that is needed to tell whether it was found.</summary>
public sealed record DeviceFault(string Device, DeviceFaultKind Kind)
{
    /// <summary>ClockAhead: by how much. Zero for others.</summary>
    public TimeSpan Ahead { get; init; }

    /// <summary>Burst: when it is offline. Anomaly: when it shows. Null for others.</summary>
    public RecurringWindow? When { get; init; }

    /// <summary>In words: <c>oil_temp rises by 60</c>.</summary>
    public required string What { get; init; }

    public override string ToString() => When is { } when ? $"{Device}: {What}, {when}" : $"{Device}: {What}";
}
