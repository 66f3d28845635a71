using System.Text.Json.Serialization;

namespace Millrace.Benchmarks.Reports;

/// <summary>One contender in one turn.</summary>
/// <param name="Ns">Nanoseconds of CPU a message.</param>
/// <param name="Bytes">Allocated a message.</param>
internal sealed record RuleRound(double Ns, double Bytes);

/// <summary>One contender in all turns.</summary>
internal sealed class RuleTimes(IReadOnlyList<RuleRound> rounds)
{
    [JsonIgnore]
    public IReadOnlyList<RuleRound> Rounds { get; } = rounds;

    [JsonIgnore]
    public Spread Ns => Spread.Of(Rounds.Select(static round => (double?)round.Ns))!.Value;

    public double MedianNs => Ns.Median;

    /// <summary>The turn in which the machine did least else: what comes nearest to what the work itself takes.</summary>
    public double LeastNs => Ns.Least;

    public double MostNs => Ns.Most;

    /// <summary>The median, because a buffer that grows once is no allocation per message.</summary>
    public double Bytes => Spread.Of(Rounds.Select(static round => (double?)round.Bytes))!.Value.Median;

    /// <summary>Of times, turn by turn.</summary>
    public Spread RatioTo(RuleTimes other) => Spread.Of(Rounds.Zip(other.Rounds, static (mine, theirs) => (double?)(mine.Ns / theirs.Ns)))!.Value;
}
