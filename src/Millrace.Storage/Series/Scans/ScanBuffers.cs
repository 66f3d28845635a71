using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Scans;

/// <summary>What a <see cref="ScanReader"/> works in: some hundred kilobytes, which whoever scans often uses again. For one scan at a time.</summary>
internal sealed class ScanBuffers
{
    private const int MostKept = 8;

    private static readonly Stack<ScanBuffers> Kept = new(MostKept);

    public RowColumns Rows { get; } = new();

    public BlockReader Ahead { get; } = new();

    /// <summary>For scans of few blocks; null: what was read is not kept.</summary>
    public RecentBlocks? Recent { get; init; }

    public int[] Picked { get; } = new int[RowColumns.Capacity];

    /// <summary>Those that somebody gave back, or new ones. Any thread.</summary>
    public static ScanBuffers Take()
    {
        lock (Kept) return Kept.TryPop(out var kept) ? kept : new ScanBuffers();
    }

    /// <summary>The caller may use them no more; nor the rows in them.</summary>
    public static void Give(ScanBuffers buffers)
    {
        buffers.Ahead.Forget();
        lock (Kept)
            if (Kept.Count < MostKept) Kept.Push(buffers);
    }
}
