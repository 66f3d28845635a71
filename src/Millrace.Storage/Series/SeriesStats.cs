namespace Millrace.Storage.Series;

/// <summary>The store in numbers.</summary>
public sealed record SeriesStats
{
    /// <summary>Rows in memory, those on their way to files too.</summary>
    public long HotRows { get; init; }

    /// <summary>What they take, about.</summary>
    public long HotBytes { get; init; }

    public long ColdRows { get; init; }

    public int Files { get; init; }

    public long BytesOnDisk { get; init; }

    public long Series { get; init; }

    /// <summary>Memory of the dictionaries.</summary>
    public long SeriesBytes { get; init; }

    public int Tables { get; init; }

    /// <summary>Moves to files since the store was opened.</summary>
    public long Moves { get; init; }

    public long FailedMoves { get; init; }

    /// <summary>Merges of files, and removals of old ones, that failed; they are tried again after ten minutes.</summary>
    public long FailedMerges { get; init; }

    /// <summary>Time all moves took together.</summary>
    public TimeSpan MoveTime { get; init; }

    /// <summary>Queries that run or wait.</summary>
    public int Queries { get; init; }
}
