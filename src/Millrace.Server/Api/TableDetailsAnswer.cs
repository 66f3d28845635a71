namespace Millrace.Server.Api;

/// <summary>A table with its options.</summary>
public sealed record TableDetailsAnswer
{
    /// <summary><c>database.table</c>.</summary>
    public required string Name { get; init; }

    public required string MemoryRetention { get; init; }

    /// <summary>Timestream's magnetic retention; <c>forever</c>.</summary>
    public required string Retention { get; init; }

    public required bool MagneticWrites { get; init; }

    public required string FutureLimit { get; init; }

    public required string OnFuture { get; init; }

    /// <summary>The options among these that the pipeline file names.</summary>
    public required IReadOnlyList<string> Declared { get; init; }

    public required IReadOnlyList<string> Dimensions { get; init; }

    /// <summary>Measure columns of multi-measure records.</summary>
    public required IReadOnlyList<MeasureAnswer> Columns { get; init; }

    /// <summary>Measure names, and what their records are: a type, or multi.</summary>
    public required IReadOnlyList<MeasureAnswer> MeasureNames { get; init; }

    public required long Series { get; init; }

    /// <summary>In memory and in files; rows that a higher version replaced are among them until files are merged.</summary>
    public required long Rows { get; init; }

    /// <summary>Records that were too far ahead and got the time of their arrival, since the server started.</summary>
    public required long TimesCorrected { get; init; }
}
