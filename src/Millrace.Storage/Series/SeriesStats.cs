using Millrace.Storage.Series.Remote;

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

    /// <summary>Memory for rows, dictionaries and queries together.</summary>
    public long BudgetBytes { get; init; }

    /// <summary>Memory that rows may take before writers are refused.</summary>
    public long BudgetRowBytes { get; init; }

    /// <summary>Writes that were held back for a moment because memory was three quarters full.</summary>
    public long SlowedWrites { get; init; }

    /// <summary>What went to the bucket and came back; null where there is no bucket.</summary>
    public RemoteCounts? Remote { get; init; }

    /// <summary>Time all moves took together.</summary>
    public TimeSpan MoveTime { get; init; }

    /// <summary>Queries that run or wait.</summary>
    public int Queries { get; init; }
}
