using System.Text.Json.Serialization;

namespace Millrace.Benchmarks.Reports;

/// <summary>A rule beside the same by hand.</summary>
internal sealed record RuleRowResult
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    public required string Sql { get; init; }

    public required int Rules { get; init; }

    public required double PayloadBytes { get; init; }

    /// <summary>The share of messages that give an output.</summary>
    public required double Fired { get; init; }

    public required RuleTimes Ours { get; init; }

    public required RuleTimes Reader { get; init; }

    public required RuleTimes Node { get; init; }

    [JsonIgnore]
    public Spread ReaderRatio => Ours.RatioTo(Reader);

    [JsonIgnore]
    public Spread NodeRatio => Ours.RatioTo(Node);

    public double MedianReaderRatio => ReaderRatio.Median;

    public double MedianNodeRatio => NodeRatio.Median;
}
