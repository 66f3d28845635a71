namespace Millrace.Benchmarks.Reports;

/// <summary>The same questions about the last hour to a short and a long history.</summary>
/// <param name="ShortRows">In all tables.</param>
/// <param name="LongRows">The same.</param>
/// <param name="Questions">Each asked of both in turns.</param>
internal sealed record GrowthResult(long ShortRows, long LongRows, IReadOnlyList<GrowthQuestion> Questions);

/// <summary>One of them; medians.</summary>
internal sealed record GrowthQuestion(string Name, double ShortMs, double LongMs)
{
    public double Ratio => LongMs / ShortMs;
}
