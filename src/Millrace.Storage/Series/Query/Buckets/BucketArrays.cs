using System.Buffers;

namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>Arrays for <see cref="BucketRows"/>, used again: a query that makes many buckets would fill megabytes of new memory with each answer. Any thread.</summary>
/// <remarks>At most some 16 MiB stay between queries, and less than the most that was ever in use at once.</remarks>
internal static class BucketArrays
{
    private static readonly ArrayPool<long> Longs = ArrayPool<long>.Create(BucketRows.Capacity, 512);
    private static readonly ArrayPool<double> Doubles = ArrayPool<double>.Create(BucketRows.Capacity, 192);
    private static readonly ArrayPool<Int128> Wholes = ArrayPool<Int128>.Create(BucketRows.Capacity, 128);
    private static readonly ArrayPool<int> Ints = ArrayPool<int>.Create(BucketRows.Capacity, 192);

    /// <param name="wanted">False: an empty one.</param>
    /// <returns>Room for <see cref="BucketRows.Capacity"/>, with anything in it.</returns>
    public static long[] TakeLongs(bool wanted) => wanted ? Longs.Rent(BucketRows.Capacity) : [];

    public static double[] TakeDoubles(bool wanted) => wanted ? Doubles.Rent(BucketRows.Capacity) : [];

    public static Int128[] TakeWholes(bool wanted) => wanted ? Wholes.Rent(BucketRows.Capacity) : [];

    public static int[] TakeInts() => Ints.Rent(BucketRows.Capacity);

    /// <summary>Nobody may look at it any more.</summary>
    public static void Give(long[] array)
    {
        if (array.Length > 0) Longs.Return(array);
    }

    public static void Give(double[] array)
    {
        if (array.Length > 0) Doubles.Return(array);
    }

    public static void Give(Int128[] array)
    {
        if (array.Length > 0) Wholes.Return(array);
    }

    public static void Give(int[] array)
    {
        if (array.Length > 0) Ints.Return(array);
    }
}
