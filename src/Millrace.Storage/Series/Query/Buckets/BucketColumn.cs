using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>What <see cref="BucketRows"/> hold of one measure. Arrays for what is not asked for are empty; where a bucket has no value, all but the count is undefined.</summary>
internal sealed class BucketColumn
{
    public BucketColumn(BucketMeasure measure)
    {
        Measure = measure;
        Counts = new long[BucketRows.Capacity];
        Doubles = measure is { Sum: true, Type: MeasureType.Double } ? new double[BucketRows.Capacity] : [];
        Wholes = measure is { Sum: true, Type: MeasureType.Bigint } ? new Int128[BucketRows.Capacity] : [];
        (Least, Most) = measure.Range ? (new long[BucketRows.Capacity], new long[BucketRows.Capacity]) : ([], []);
        (First, FirstNs) = measure.Ends ? (new long[BucketRows.Capacity], new long[BucketRows.Capacity]) : ([], []);
        (Last, LastNs) = measure.Ends ? (new long[BucketRows.Capacity], new long[BucketRows.Capacity]) : ([], []);
    }

    public BucketMeasure Measure { get; }

    /// <summary>Values that are not null.</summary>
    public long[] Counts { get; }

    /// <summary>Sums of Double.</summary>
    public double[] Doubles { get; }

    /// <summary>Sums of Bigint, exact.</summary>
    public Int128[] Wholes { get; }

    /// <summary>The smallest values; of Double their bits.</summary>
    public long[] Least { get; }

    public long[] Most { get; }

    public long[] First { get; }

    public long[] FirstNs { get; }

    public long[] Last { get; }

    public long[] LastNs { get; }

    public void Begin(int bucket)
    {
        Counts[bucket] = 0;
        if (Doubles.Length > 0) Doubles[bucket] = 0;
        if (Wholes.Length > 0) Wholes[bucket] = 0;
    }
}
