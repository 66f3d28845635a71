using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series;

/// <summary>Rows of a generation that lie together, and of each the row before it of the same series.</summary>
internal sealed class HotChunk
{
    /// <summary>Columns are made when their first value comes: one that is not there is null in each row.</summary>
    public RowColumns Rows { get; } = new(lasting: true);

    /// <summary>The number of the row before it in its chain (<see cref="RowChains"/>); -1 where there is none.</summary>
    public int[] Previous { get; } = GC.AllocateUninitializedArray<int>(RowColumns.Capacity, pinned: true);

    public long FromNs { get; set; } = long.MaxValue;

    public long ToNs { get; set; } = long.MinValue;
}
