namespace Millrace.Storage.Series.Blocks;

/// <summary>A file that a merge wrote.</summary>
/// <param name="Number">Which of the parts of time it holds, counted from 0.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Summary">What is in it; at least one row.</param>
internal readonly record struct BlockPart(int Number, string Path, BlockFileSummary Summary);
