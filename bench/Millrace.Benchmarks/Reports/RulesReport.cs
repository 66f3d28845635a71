using Millrace.Benchmarks.Rules;

namespace Millrace.Benchmarks.Reports;

/// <summary>What <c>bench rules</c> found.</summary>
internal sealed record RulesReport
{
    private const double MostForThousand = 2;

    public string Benchmark { get; } = "rules";

    public required int Messages { get; init; }

    public required int Rounds { get; init; }

    public required Machine Machine { get; init; }

    public required IReadOnlyList<RuleRowResult> Rows { get; init; }

    /// <summary>Our time for a thousand rules by that for one, each where it was least; null where they were not both measured.</summary>
    public double? ThousandToOne => Least(RulesRows.ThousandRules) / Least(RulesRows.OneRule);

    public bool IsGood => !Failures.Any();

    /// <summary>A sentence for each limit that was passed.</summary>
    public IEnumerable<string> Failures
    {
        get
        {
            foreach (var row in Rows)
            {
                if (row.Ours.Bytes > 0) yield return $"{row.Name} allocates {row.Ours.Bytes:N1} bytes a message; none are allowed";
                if (row.MedianNodeRatio > 1) yield return $"{row.Name} takes {row.MedianNodeRatio:N2} times as long as JsonNode by hand";
            }

            if (ThousandToOne > MostForThousand) yield return $"a thousand rules take {ThousandToOne:N2} times as long as one; {MostForThousand:N0} is allowed";
        }
    }

    private double? Least(string name) => Rows.FirstOrDefault(row => row.Name == name)?.Ours.LeastNs;
}
