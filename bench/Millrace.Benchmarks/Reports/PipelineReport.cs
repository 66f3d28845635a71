namespace Millrace.Benchmarks.Reports;

/// <summary>What <c>bench pipeline</c> found.</summary>
internal sealed record PipelineReport
{
    public string Benchmark { get; } = "pipeline";

    public required int Messages { get; init; }

    public required int WarmUp { get; init; }

    public required bool Lake { get; init; }

    public required Machine Machine { get; init; }

    public required IReadOnlyList<RowResult> Rows { get; init; }
}
