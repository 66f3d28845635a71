using System.Text.Json.Serialization;
using Millrace.Benchmarks.Load;

namespace Millrace.Benchmarks.Reports;

/// <summary>All rounds of one load on one kind of stack.</summary>
internal sealed record RowResult(string Stack, int Connections, int InFlight, IReadOnlyList<RoundResult> Rounds)
{
    /// <summary>For a heading.</summary>
    [JsonIgnore]
    public string Load => new LoadShape(Connections, InFlight).ToString();
}
