namespace Millrace.Storage.Series.Blocks;

/// <summary>What a manifest says about a block file.</summary>
/// <param name="Rows">All of them.</param>
/// <param name="FromNs">The earliest time; <see cref="long.MaxValue"/> where there are no rows.</param>
/// <param name="ToNs">The latest time, inclusive; <see cref="long.MinValue"/> where there are no rows.</param>
/// <param name="Bytes">The file's length.</param>
internal readonly record struct BlockFileSummary(long Rows, long FromNs, long ToNs, long Bytes);
