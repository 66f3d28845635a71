using Millrace.Storage.Series.Rows;

namespace Millrace.Storage.Series.Blocks;

/// <summary>How large the parts of a block file get: what a writer holds in memory, and what a reader believes.</summary>
internal static class BlockLimits
{
    public const int Rows = RowColumns.Capacity;

    /// <summary>A block with so many rows ends where the series changes, so that reading one series reads few rows of its neighbours.</summary>
    public const int RowsBeforeNextSeries = 256;

    /// <summary>Of one column in one block. A block ends before a text that would exceed it; a single text may not.</summary>
    public const int TextBytes = 1 << 20;

    /// <summary>The pieces of one column lie one behind the other for so many blocks: what a scan reads with one call.</summary>
    public const int BlocksPerGroup = 16;

    /// <summary>A group with so many bytes is written even if it has fewer blocks: the writer's memory.</summary>
    public const int GroupBytes = 1 << 20;

    /// <summary>Series, time, version, four single measures and 1,024 measure columns, rounded up.</summary>
    public const int Columns = 2048;

    /// <summary>A longer index is not believed.</summary>
    public const int IndexBytes = 1 << 30;
}
