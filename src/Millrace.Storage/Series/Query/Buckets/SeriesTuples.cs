using System.Buffers;
using System.Runtime.InteropServices;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>Numbers for series, the same for those that have the same values of some dimensions.</summary>
internal sealed class SeriesTuples
{
    private const int MostPairs = 1 << 20;

    private readonly TableSnapshot _snapshot;
    private readonly SeriesSet? _series;
    private readonly int _seriesCount;

    /// <param name="snapshot">Of the table.</param>
    /// <param name="series">Which are looked at; null for all.</param>
    public SeriesTuples(TableSnapshot snapshot, SeriesSet? series)
    {
        (_snapshot, _series) = (snapshot, series);
        _seriesCount = series?.Count ?? snapshot.SeriesCount;
        Of = new int[snapshot.SeriesCount];
        Count = Math.Min(1, _seriesCount);
    }

    /// <summary>By series: less than <see cref="Count"/>.</summary>
    public int[] Of { get; }

    /// <summary>Different ones.</summary>
    public int Count { get; private set; }

    /// <summary>Series that differ in this dimension, or in the measure name, get different numbers.</summary>
    public void Split(int dimension)
    {
        if (Count == _seriesCount) return;
        var known = _snapshot.Table.Values(dimension);
        var values = known.Of(_snapshot.SeriesCount);
        var width = known.Count + 1;
        if ((long)Count * width <= MostPairs) SplitByPlace(values, width);
        else SplitByHash(values);
    }

    // Each pair has a place: no hashing, which would be most of what planning takes.
    private void SplitByPlace(int[] values, int width)
    {
        var numbers = ArrayPool<int>.Shared.Rent(Count * width);
        Array.Clear(numbers, 0, Count * width);
        var count = 0;
        for (var i = 0; i < _seriesCount; i++)
        {
            var series = _series is null ? i : _series.Codes[i];
            ref var number = ref numbers[(Of[series] * width) + values[series] + 1];
            if (number == 0) number = ++count;
            Of[series] = number - 1;
        }

        ArrayPool<int>.Shared.Return(numbers);
        Count = count;
    }

    private void SplitByHash(int[] values)
    {
        var known = new Dictionary<(int Tuple, int Value), int>(Count);
        for (var i = 0; i < _seriesCount; i++)
        {
            var series = _series is null ? i : _series.Codes[i];
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(known, (Of[series], values[series]), out var exists);
            if (!exists) number = known.Count - 1;
            Of[series] = number;
        }

        Count = known.Count;
    }
}
