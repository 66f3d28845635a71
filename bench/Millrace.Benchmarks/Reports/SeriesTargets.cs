using System.Globalization;
using Millrace.Benchmarks.Series.Engines;

namespace Millrace.Benchmarks.Reports;

/// <summary>What is expected, as far as a run can tell.</summary>
internal static class SeriesTargets
{
    public const double LeastTimesPostgres = 20;
    public const double MostBytesPerPoint = 2;
    public const double LeastBytesRatio = 10;
    public const double MostGrowth = 1.2;

    public static IEnumerable<SeriesTarget> Of(SeriesReport report)
    {
        if (MeanTimes(report, EngineKinds.Postgres) is { } mean)
            yield return new($"at least {LeastTimesPostgres:0} times as fast as PostgreSQL, geometric mean", Figure($"{mean:N1} times"), mean >= LeastTimesPostgres);

        var compared = report.Questions.Where(static q => q.Times.ContainsKey(EngineKinds.Ours) && q.Times.Count > 1).ToArray();
        if (compared.Length > 0)
        {
            var slower = compared.Where(static q => q.Times.Keys.Any(e => q.TimesOurs(EngineKinds.Ours, e) < 1)).Select(static q => q.Name).ToArray();
            yield return new(
                "no query slower than in any other", slower.Length == 0 ? Figure($"none of {compared.Length}") : Figure($"{slower.Length} of {compared.Length}: {string.Join(", ", slower)}"), slower.Length == 0);
        }

        if (report.Engines.FirstOrDefault(static e => e.Name == EngineKinds.Ours) is { } ours)
        {
            yield return new($"at most {MostBytesPerPoint:0.0} bytes per data point", Figure($"{ours.BytesPerPoint:N2}"), ours.BytesPerPoint <= MostBytesPerPoint);
            if (report.Engines.FirstOrDefault(static e => e.Name == EngineKinds.Postgres) is { } postgres)
            {
                var ratio = postgres.BytesPerPoint / ours.BytesPerPoint;
                yield return new($"at least {LeastBytesRatio:0} times less than PostgreSQL", Figure($"{ratio:N1} times"), ratio >= LeastBytesRatio);
            }
        }

        if (report.Growth?.Questions.MaxBy(static q => q.Ratio) is { } worst)
            yield return new($"ten times the history: recent data at most {MostGrowth:0.0} times as slow", Figure($"{worst.Ratio:N2} times ({worst.Name})"), worst.Ratio <= MostGrowth);
    }

    /// <summary>How many times our time another took, as a geometric mean over all questions that both were asked; null where there is none.</summary>
    public static double? MeanTimes(SeriesReport report, string other)
    {
        var ratios = report.Questions.Select(q => q.TimesOurs(EngineKinds.Ours, other)).OfType<double>().ToArray();
        return ratios.Length == 0 ? null : Math.Exp(ratios.Average(Math.Log));
    }

    private static string Figure(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
