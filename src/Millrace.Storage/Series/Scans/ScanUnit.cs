namespace Millrace.Storage.Series.Scans;

/// <summary>What one thread of a scan takes at a time.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="File">Where the kind is blocks.</param>
/// <param name="Hot">For the other kinds.</param>
/// <param name="First">The first block, chunk, or series (by its place in <see cref="SeriesSet.Codes"/>).</param>
/// <param name="End">The one behind the last.</param>
internal readonly record struct ScanUnit(ScanUnitKind Kind, ColdBlocks? File, HotView Hot, int First, int End);
