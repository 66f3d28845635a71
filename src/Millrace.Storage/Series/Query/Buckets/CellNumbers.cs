namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>Numbers for <see cref="BucketCells"/>, used again: new memory for each statement costs more than what is done with it. Any thread.</summary>
internal static class CellNumbers
{
    /// <summary>So many stay between statements: 8 MiB.</summary>
    private const int MostKept = 2 << 20;

    private static int[]? _kept;

    /// <returns>At least so many, all 0.</returns>
    public static int[] Take(int count) => Interlocked.Exchange(ref _kept, null) is { } kept && kept.Length >= count ? kept : new int[count];

    /// <param name="numbers">All 0 again; nobody may look at them any more.</param>
    public static void Give(int[] numbers)
    {
        if (numbers.Length <= MostKept) Interlocked.Exchange(ref _kept, numbers);
    }
}
