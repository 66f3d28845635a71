namespace Millrace.Benchmarks.Reports;

/// <summary>What <c>bench gateway</c> found.</summary>
internal sealed record GatewayReport
{
    public string Benchmark { get; } = "gateway";

    public required int Messages { get; init; }

    public required int WarmUp { get; init; }

    public required int Rounds { get; init; }

    /// <summary>Null for the server's own choice.</summary>
    public string? Transport { get; init; }

    /// <summary>With its version; null where nothing was compared.</summary>
    public string? Peer { get; init; }

    public required Machine Machine { get; init; }

    public required IReadOnlyList<GatewayResult> Rows { get; init; }

    public required IReadOnlyList<AllocationResult> Allocations { get; init; }

    /// <summary>No row failed, and nothing is allocated per message.</summary>
    public bool IsGood => !Rows.Any(static row => row.HasFailed) && Allocations.All(static a => a.IsMet);
}
