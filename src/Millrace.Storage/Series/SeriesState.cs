using Millrace.Contracts.Tables;

namespace Millrace.Storage.Series;

/// <summary>What is known of a series without asking DuckDB.</summary>
internal struct SeriesState
{
    /// <summary>No point of the series is newer; <see cref="long.MinValue"/> while it has none.</summary>
    public long NewestNs;

    /// <summary><see cref="NewestNs"/> as the last move to files wrote it down.</summary>
    public long MovedNs;

    /// <summary>The newest point's value: the bits of a Double, a Bigint, 0 or 1 of a Boolean.</summary>
    public long LatestBits;

    public MeasureType Kind;
}
