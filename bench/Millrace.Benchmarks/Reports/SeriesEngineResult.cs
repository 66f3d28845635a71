using Millrace.Benchmarks.Series.Engines;
using Millrace.Benchmarks.Series.Runs;

namespace Millrace.Benchmarks.Reports;

/// <summary>How one engine took the rows, and what they take there.</summary>
internal sealed record SeriesEngineResult
{
    public required string Name { get; init; }

    /// <summary>With its version.</summary>
    public required string Title { get; init; }

    public required long Rows { get; init; }

    public required long Points { get; init; }

    public required double RowsPerSecond { get; init; }

    /// <summary>CPU seconds of its processes until the last row was acknowledged.</summary>
    public required double CpuPerMillionRows { get; init; }

    /// <summary>The same and what it did until it was quiet.</summary>
    public required double SettledCpuPerMillionRows { get; init; }

    public required double BytesPerPoint { get; init; }

    public required IReadOnlyDictionary<string, long> Sizes { get; init; }

    public static SeriesEngineResult Of(EngineKind kind, LoadResult load) => new()
    {
        Name = kind.Name,
        Title = $"{kind.Title} {load.Version}".TrimEnd(),
        Rows = load.Rows,
        Points = load.Points,
        RowsPerSecond = load.RowsPerSecond,
        CpuPerMillionRows = load.CpuPerMillion,
        SettledCpuPerMillionRows = load.SettledCpuPerMillion,
        BytesPerPoint = load.BytesPerPoint,
        Sizes = load.Sizes,
    };
}
