using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>Leaves out blocks of which, as their statistics show, no row passes. For one thread.</summary>
/// <param name="tests">Rows that do not pass all of them are not wanted.</param>
internal sealed class BlockSieve(IReadOnlyList<MeasureTest> tests) : IBlockShortcut
{
    private readonly BlockTests _tests = new(tests, new StatisticsReader());

    /// <summary>One for each thread of a scan; null where there is nothing to test.</summary>
    public static Func<IBlockShortcut>? Of(IReadOnlyList<MeasureTest> tests) => tests.Count == 0 ? null : () => new BlockSieve(tests);

    public bool Passes(BlockFile file, int block, bool isWhole) => _tests.Of(file, block) == false;
}
