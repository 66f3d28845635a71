using System.Text.Json.Serialization;

namespace Millrace.Benchmarks.Series.Runs;

/// <summary>How one engine took the rows. Kept beside its files, for a later run on the same data.</summary>
internal sealed record LoadResult
{
    public required string Version { get; init; }

    public required long Rows { get; init; }

    /// <summary>Values in them, nulls not counted.</summary>
    public required long Points { get; init; }

    /// <summary>First byte sent to last row acknowledged.</summary>
    public required double Seconds { get; init; }

    /// <summary>Of the engine's processes, in that time.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>The same and what it did until it was quiet: indexes, merging, statistics.</summary>
    public required double SettledCpuSeconds { get; init; }

    /// <summary>On disk, by kind, after it was quiet.</summary>
    public required IReadOnlyDictionary<string, long> Sizes { get; init; }

    /// <summary>Of what a table takes; a log that is kept for other reasons is not among it.</summary>
    public required long TableBytes { get; init; }

    [JsonIgnore]
    public double RowsPerSecond => Rows / Seconds;

    [JsonIgnore]
    public double CpuPerMillion => CpuSeconds / Rows * 1e6;

    [JsonIgnore]
    public double SettledCpuPerMillion => SettledCpuSeconds / Rows * 1e6;

    [JsonIgnore]
    public double BytesPerPoint => (double)TableBytes / Points;
}
