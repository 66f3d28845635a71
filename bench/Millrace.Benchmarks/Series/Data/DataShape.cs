using System.Globalization;

namespace Millrace.Benchmarks.Series.Data;

/// <summary>How much data there is, and which: the same shape gives the same rows, always.</summary>
/// <param name="Trucks">Its scale.</param>
/// <param name="Hours">Of history; its end is the same for all shapes.</param>
/// <param name="IntervalSeconds">From one row of a truck to its next.</param>
/// <param name="Seed">Of all that is left to chance.</param>
internal sealed record DataShape(int Trucks, int Hours, int IntervalSeconds, int Seed)
{
    /// <summary>2016-01-02T00:00:00Z, in seconds since 1970.</summary>
    public const long EndSeconds = 1_451_692_800;

    public long StartSeconds => EndSeconds - (Hours * 3600L);

    public int Ticks => Hours * 3600 / IntervalSeconds;

    /// <summary>What would come if nothing got lost on the way: more than what comes, by about a tenth.</summary>
    public long MostRows => 2L * Trucks * Ticks;

    /// <summary>For a directory.</summary>
    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{Trucks}-trucks-{Hours}-h-{IntervalSeconds}-s-{Seed}");

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Trucks:N0} trucks, {Hours:N0} h, a row every {IntervalSeconds} s in each of two tables, seed {Seed}");
}
