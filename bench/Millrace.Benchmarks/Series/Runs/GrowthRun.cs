using System.Diagnostics;
using Millrace.Benchmarks.Reports;
using Millrace.Benchmarks.Series.Data;
using Millrace.Benchmarks.Series.Engines;

namespace Millrace.Benchmarks.Series.Runs;

/// <summary>The same questions about the last hour to two servers of ours, in turns: one with the history of the shape, one with ten times as much.</summary>
internal sealed class GrowthRun(DataShape shape, EngineKind ours, SeriesRunOptions options)
{
    public const int Times = 10;

    private const int MostRounds = 100;
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan WarmFor = TimeSpan.FromSeconds(1);

    /// <param name="directory">For the data of a shape; what is loaded there already is used.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<GrowthResult> RunAsync(Func<DataShape, string> directory, CancellationToken stop)
    {
        var longer = shape with { Hours = shape.Hours * Times };
        var homes = new[] { shape, longer }.Select(s => new EngineHome(ours, s, directory(s))).ToArray();
        var rows = new List<long>();
        foreach (var home in homes) rows.Add((await home.LoadAsync(stop)).Rows);

        await using var small = await homes[0].StartColdAsync(stop);
        await using var large = await homes[1].StartColdAsync(stop);
        var results = new List<GrowthQuestion>();
        foreach (var question in options.Questions.Where(static q => q.IsRecent))
        {
            // Fleets, trucks and windows are the same; only the shape differs, which these questions do not look at.
            var sets = options.SetsOf(question, shape, recent: true);
            var (smallMs, largeMs) = (new List<double>(), new List<double>());
            foreach (var set in sets)
            {
                await small.AskAsync(question, set, stop);
                await large.AskAsync(question, set, stop);
            }

            // Two servers do not compile at the same moment: both are to have done with it.
            var since = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(since) < WarmFor)
            {
                await small.DrainAsync(question, sets[0], stop);
                await large.DrainAsync(question, sets[0], stop);
            }

            since = Stopwatch.GetTimestamp();
            for (var round = 0; round < options.Rounds || (round < MostRounds && Stopwatch.GetElapsedTime(since) < Enough); round++)
            {
                foreach (var set in sets)
                {
                    smallMs.Add(await TimeAsync(() => small.DrainAsync(question, set, stop)));
                    largeMs.Add(await TimeAsync(() => large.DrainAsync(question, set, stop)));
                }
            }

            results.Add(new GrowthQuestion(question.Name, QuestionTimes.Of(0, smallMs).MedianMs, QuestionTimes.Of(0, largeMs).MedianMs));
        }

        await small.StopAsync();
        await large.StopAsync();
        return new GrowthResult(rows[0], rows[1], results);
    }

    private static async Task<double> TimeAsync(Func<Task> ask)
    {
        var since = Stopwatch.GetTimestamp();
        await ask();
        return Stopwatch.GetElapsedTime(since).TotalMilliseconds;
    }
}
