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
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(2);

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

            // Both have just started: what is compiled while they answer must not be taken for the history.
            var since = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(since) < Warm)
            {
                foreach (var set in sets)
                {
                    await small.DrainAsync(question, set, stop);
                    await large.DrainAsync(question, set, stop);
                }
            }

            since = Stopwatch.GetTimestamp();
            for (var round = 0; round < options.Rounds || (round < MostRounds && Stopwatch.GetElapsedTime(since) < Enough); round++)
            {
                foreach (var set in sets)
                {
                    // Which comes first is chance: the second finds the processors as the first left them.
                    var both = new[] { (Engine: small, Ms: smallMs), (Engine: large, Ms: largeMs) };
                    Random.Shared.Shuffle(both);
                    foreach (var (engine, ms) in both) ms.Add(await TimeAsync(() => engine.DrainAsync(question, set, stop)));
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
