using Millrace.Benchmarks.Series.Data;

namespace Millrace.Benchmarks.Reports;

/// <summary>What <c>bench series</c> found.</summary>
internal sealed record SeriesReport
{
    public string Benchmark { get; } = "series";

    public required DataShape Shape { get; init; }

    public required Machine Machine { get; init; }

    public required int Rounds { get; init; }

    /// <summary>In the order of the command line; ours first, where it takes part.</summary>
    public required IReadOnlyList<SeriesEngineResult> Engines { get; init; }

    public required IReadOnlyList<SeriesQuestionResult> Questions { get; init; }

    /// <summary>Null where it was not asked for.</summary>
    public GrowthResult? Growth { get; init; }

    public IReadOnlyList<SeriesTarget> Targets => [.. SeriesTargets.Of(this)];

    /// <summary>No engine disagreed or failed, and every target is met.</summary>
    public bool IsGood => Questions.All(static q => q.Problem is null) && Targets.All(static t => t.IsMet);
}
