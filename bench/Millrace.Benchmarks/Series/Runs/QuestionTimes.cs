namespace Millrace.Benchmarks.Series.Runs;

/// <summary>How long one engine took for one question.</summary>
/// <param name="FirstMs">The first time after the start, with nothing of its files in memory but what earlier questions read.</param>
/// <param name="MedianMs">Of all later times, all parameters.</param>
/// <param name="P95Ms">Of the same.</param>
/// <param name="Runs">How many those are.</param>
internal sealed record QuestionTimes(double FirstMs, double MedianMs, double P95Ms, int Runs)
{
    public static QuestionTimes Of(double firstMs, List<double> ms)
    {
        ms.Sort();
        return new QuestionTimes(firstMs, ms[ms.Count / 2], ms[Math.Min(ms.Count - 1, (int)Math.Ceiling(0.95 * ms.Count) - 1)], ms.Count);
    }
}
