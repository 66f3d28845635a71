using Millrace.Contracts;

namespace Millrace.Storage.Series;

/// <summary>How much the series store holds in memory, and how much a query may take.</summary>
public sealed record SeriesOptions
{
    /// <summary>As many rows in memory are moved to files.</summary>
    public long MoveRows { get; init; } = 2_000_000;

    /// <summary>So many bytes of rows in memory are moved to files.</summary>
    public ByteSize MoveBytes { get; init; } = ByteSize.MiB(256);

    /// <summary>Rows in memory are moved to files at this age at the latest: what a restart must read again from the log.</summary>
    public TimeSpan MoveAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Where files cannot be written, rows gather in memory up to this many times the limits above; then writers are told to wait.</summary>
    public int MaxHotFactor { get; init; } = 4;

    /// <summary>Series in all tables together; a record of one more is refused.</summary>
    public long MaxSeries { get; init; } = 5_000_000;

    /// <summary>What DuckDB may take for rows in memory and for queries. Null: a quarter of the machine's memory.</summary>
    public ByteSize? MemoryLimit { get; init; }

    /// <summary>Threads that work on queries and files. Null: one for each processor.</summary>
    public int? Threads { get; init; }

    /// <summary>Bytes on disk that queries may take for what does not fit into memory.</summary>
    public ByteSize QuerySpill { get; init; } = ByteSize.MiB(8192);

    /// <summary>A query that takes longer is stopped.</summary>
    public TimeSpan QueryTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Rows a query answers with; the answer says that there were more.</summary>
    public int QueryRows { get; init; } = 100_000;

    /// <summary>Bytes an answer may take in memory; the answer says that there were more.</summary>
    public ByteSize QueryBytes { get; init; } = ByteSize.MiB(256);

    /// <summary>Queries that run at the same time; further ones wait.</summary>
    public int Queries { get; init; } = 4;

    /// <summary>Queries that may wait; further ones are refused.</summary>
    public int QueriesWaiting { get; init; } = 64;

    /// <summary>The directory whose files queries find as <c>reference.NAME</c>. Null: <c>reference</c> in the data directory.</summary>
    public string? Reference { get; init; }

    /// <summary>Every mistake in these options.</summary>
    public IEnumerable<Problem> Check()
    {
        if (MoveRows < 1000) yield return new("series.moveRows", "must be at least 1000");
        if (MoveBytes < ByteSize.MiB(1)) yield return new("series.moveBytes", "must be at least 1MiB");
        if (MoveAge < TimeSpan.FromSeconds(1)) yield return new("series.moveAge", "must be at least a second");
        if (MaxHotFactor < 2) yield return new("series.maxHotFactor", "must be at least 2");
        if (MaxSeries < 1) yield return new("series.maxSeries", "must be at least 1");
        if (MemoryLimit is { } limit && limit < ByteSize.MiB(64)) yield return new("series.memoryLimit", "must be at least 64MiB");
        if (Threads < 1) yield return new("series.threads", "must be at least 1");
        if (QueryTime <= TimeSpan.Zero) yield return new("series.queryTime", "must be positive");
        if (QueryRows < 1) yield return new("series.queryRows", "must be at least 1");
        if (QueryBytes < ByteSize.MiB(1)) yield return new("series.queryBytes", "must be at least 1MiB");
        if (Queries < 1) yield return new("series.queries", "must be at least 1");
        if (QueriesWaiting < 0) yield return new("series.queriesWaiting", "must not be negative");
    }
}
