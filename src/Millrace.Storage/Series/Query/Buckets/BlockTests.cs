using System.Numerics;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Blocks;

namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>What <see cref="MeasureTest"/>s say of a whole block, as far as its statistics tell. For one thread.</summary>
internal sealed class BlockTests(IReadOnlyList<MeasureTest> tests, StatisticsReader statistics)
{
    /// <summary>By test: a value that passes, where <see cref="Of"/> answered that all do.</summary>
    public long[] Passing { get; } = new long[tests.Count];

    /// <returns>How many rows pass all tests: none, all, or null for what is not certain.</returns>
    /// <exception cref="Contracts.FaultException">Corrupt, with file and byte.</exception>
    public bool? Of(BlockFile file, int block)
    {
        bool? all = true;
        for (var i = 0; i < tests.Count; i++)
        {
            var one = Of(tests[i], file, block, out Passing[i]);
            if (one == false) return false;
            if (one is null) all = null;
        }

        return all;
    }

    private bool? Of(MeasureTest test, BlockFile file, int block, out long passing)
    {
        passing = 0;
        if (!file.HasValues(block, test.Slot)) return test.How == Comparison.Null;
        if (!statistics.TryRead(file, block, test.Slot, out var known)) return null;
        passing = known.Least;
        var areValues = known.Count == file.Blocks[block].Rows;
        if (test.How == Comparison.Null) return areValues ? false : null;
        var (any, all) = test switch
        {
            { How: Comparison.NotNull } => (true, true),
            { Type: MeasureType.Double } => Of(
                test.How, BitConverter.Int64BitsToDouble(known.Least), BitConverter.Int64BitsToDouble(known.Most), BitConverter.Int64BitsToDouble(test.Bits)),
            _ => Of(test.How, known.Least, known.Most, test.Bits),
        };
        return !any ? false : all && areValues ? true : null;
    }

    /// <summary>Whether any value from the least to the most may pass, and whether all do. Nothing is NaN.</summary>
    private static (bool Any, bool All) Of<T>(Comparison how, T least, T most, T value)
        where T : IComparisonOperators<T, T, bool> => how switch
        {
            Comparison.Equal => (least <= value && value <= most, least == value && most == value),
            Comparison.NotEqual => (least != value || most != value, value < least || value > most),
            Comparison.Less => (least < value, most < value),
            Comparison.LessOrEqual => (least <= value, most <= value),
            Comparison.Greater => (most > value, least > value),
            _ => (most >= value, least >= value),
        };
}
