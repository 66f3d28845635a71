using System.Runtime.InteropServices;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Buckets;

/// <summary>Numbers for series, the same for those that have the same values of some dimensions.</summary>
internal sealed class SeriesTuples
{
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
        var values = _snapshot.Table.Values(dimension).Of(_snapshot.SeriesCount);
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
