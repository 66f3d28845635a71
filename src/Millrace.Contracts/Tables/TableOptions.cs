namespace Millrace.Contracts.Tables;

/// <summary>How a table takes and keeps records. Dimensions and measures that are not named come with the first record that has them.</summary>
public sealed record TableOptions
{
    /// <summary>Names of the dimension columns, in the order a query shows them.</summary>
    public IReadOnlyList<string> Dimensions { get; init; } = [];

    /// <summary>Measures whose type is not to be taken from the first record (JSON numbers are Double unless said here).</summary>
    public IReadOnlyDictionary<string, MeasureType> Measures { get; init; } = new Dictionary<string, MeasureType>();

    /// <summary>Timestream's magnetic retention: how long rows are kept, by their own time. Null: for ever.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>How old a record may be, by its own time, where <see cref="MagneticWrites"/> is off. Timestream: 6 hours.</summary>
    public TimeSpan MemoryRetention { get; init; } = TimeSpan.FromHours(6);

    /// <summary>
    /// Whether records older than <see cref="MemoryRetention"/> are taken. Timestream's default is no; ours is yes: a device that was offline loses nothing.
    /// </summary>
    public bool MagneticWrites { get; init; } = true;

    /// <summary>A row further ahead of its arrival than this is too far ahead. Timestream: 15 minutes.</summary>
    public TimeSpan FutureLimit { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>What becomes of a record that is too far ahead.</summary>
    public FutureRule OnFuture { get; init; }
}
