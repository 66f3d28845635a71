using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Scans;

/// <summary>What a <see cref="ScanReader"/> works in: some hundred kilobytes, which whoever scans often uses again. For one scan at a time.</summary>
internal sealed class ScanBuffers
{
    public RowColumns Rows { get; } = new();

    public BlockReader Ahead { get; } = new();

    /// <summary>For scans of few blocks; null: what was read is not kept.</summary>
    public RecentBlocks? Recent { get; init; }

    public int[] Picked { get; } = new int[RowColumns.Capacity];
}
