using System.Text.Json.Serialization;

namespace Millrace.Benchmarks.Reports;

/// <summary>All rounds of one row, ours and theirs in turns.</summary>
internal sealed record GatewayResult
{
    public required string Name { get; init; }

    public required string Group { get; init; }

    public required string Title { get; init; }

    /// <summary>Of every cost.</summary>
    public required string Unit { get; init; }

    /// <summary>Round by round; none where <see cref="Problem"/> says why not.</summary>
    public IReadOnlyList<GatewayFigures> Ours { get; init; } = [];

    public IReadOnlyList<GatewayFigures> Theirs { get; init; } = [];

    /// <summary>A sentence; null where it was measured.</summary>
    public string? Problem { get; init; }

    /// <summary>It should have been measured; otherwise it is only not offered.</summary>
    public bool HasFailed { get; init; }

    /// <summary>Our cost divided by theirs, round by round of the same turn: what else the machine did then, it did to both.</summary>
    [JsonIgnore]
    public Spread? Ratio => Spread.Of(Ours.Zip(Theirs, static (ours, theirs) => theirs.Cost > 0 ? ours.Cost / theirs.Cost : (double?)null));

    [JsonPropertyName("ratio")]
    public double? MedianRatio => Ratio?.Median;
}
