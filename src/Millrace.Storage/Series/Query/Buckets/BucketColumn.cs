using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>What <see cref="BucketRows"/> hold of one measure. Arrays for what is not asked for are empty; where a bucket has no value, all but the count is undefined.</summary>
internal sealed class BucketColumn
{
    public BucketColumn(BucketMeasure measure)
    {
        Measure = measure;
        Counts = BucketArrays.TakeLongs(true);
        Doubles = BucketArrays.TakeDoubles(measure is { Sum: true, Type: MeasureType.Double });
        Wholes = BucketArrays.TakeWholes(measure is { Sum: true, Type: MeasureType.Bigint });
        (Least, Most) = (BucketArrays.TakeLongs(measure.Range), BucketArrays.TakeLongs(measure.Range));
        (First, FirstNs) = (BucketArrays.TakeLongs(measure.Ends), BucketArrays.TakeLongs(measure.Ends));
        (Last, LastNs) = (BucketArrays.TakeLongs(measure.Ends), BucketArrays.TakeLongs(measure.Ends));
    }

    public BucketMeasure Measure { get; }

    /// <summary>Values that are not null.</summary>
    public long[] Counts { get; private set; }

    /// <summary>Sums of Double.</summary>
    public double[] Doubles { get; private set; }

    /// <summary>Sums of Bigint, exact.</summary>
    public Int128[] Wholes { get; private set; }

    /// <summary>The smallest values; of Double their bits.</summary>
    public long[] Least { get; private set; }

    public long[] Most { get; private set; }

    public long[] First { get; private set; }

    public long[] FirstNs { get; private set; }

    public long[] Last { get; private set; }

    public long[] LastNs { get; private set; }

    public void Begin(int bucket)
    {
        Counts[bucket] = 0;
        if (Doubles.Length > 0) Doubles[bucket] = 0;
        if (Wholes.Length > 0) Wholes[bucket] = 0;
    }

    /// <summary>Puts one bucket into the place of another.</summary>
    public void Move(int from, int to)
    {
        Counts[to] = Counts[from];
        if (Doubles.Length > 0) Doubles[to] = Doubles[from];
        if (Wholes.Length > 0) Wholes[to] = Wholes[from];
        if (Measure.Range) (Least[to], Most[to]) = (Least[from], Most[from]);
        if (Measure.Ends) (First[to], FirstNs[to], Last[to], LastNs[to]) = (First[from], FirstNs[from], Last[from], LastNs[from]);
    }

    /// <summary>As <see cref="BucketRows.Release"/>.</summary>
    public void Release()
    {
        foreach (var array in (ReadOnlySpan<long[]>)[Counts, Least, Most, First, FirstNs, Last, LastNs]) BucketArrays.Give(array);
        BucketArrays.Give(Doubles);
        BucketArrays.Give(Wholes);
        (Counts, Least, Most, First, FirstNs, Last, LastNs, Doubles, Wholes) = ([], [], [], [], [], [], [], [], []);
    }
}
