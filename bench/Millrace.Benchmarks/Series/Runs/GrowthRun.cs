using Millrace.Benchmarks.Reports;
using Millrace.Benchmarks.Series.Data;
using Millrace.Benchmarks.Series.Engines;

namespace Millrace.Benchmarks.Series.Runs;

/// <summary>The same questions about the last hour to two servers of ours, in turns: one with the history of the shape, one with ten times as much.</summary>
internal sealed class GrowthRun(DataShape shape, EngineKind ours, SeriesRunOptions options)
{
    public const int Times = 10;

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
        await using var awake = new AwakeProcessors();
        var results = new List<GrowthQuestion>();
        foreach (var question in options.Questions.Where(static q => q.IsRecent))
        {
            // Fleets, trucks and windows are the same; only the shape differs, which these questions do not look at.
            var sets = options.SetsOf(question, shape, recent: true);
            foreach (var set in sets)
            {
                await small.AskAsync(question, set, stop);
                await large.AskAsync(question, set, stop);
            }

            // Both have just started: what is compiled while they answer must not be taken for the history.
            using var alone = new OneAtATime([small, large]);
            var turns = new Turns(alone, [.. new[] { small, large }.Select(engine => (engine, (IReadOnlyList<Action>)[.. sets.Select(set => engine.Prepare(question, set))]))]);
            for (var number = 0; number < homes.Length; number++) await turns.WarmUpAsync(number, stop);
            await turns.TakeAsync(options.Rounds, stop);
            results.Add(new GrowthQuestion(question.Name, QuestionTimes.Of(0, turns.Ms[0]).MedianMs, QuestionTimes.Of(0, turns.Ms[1]).MedianMs));
        }

        await small.StopAsync();
        await large.StopAsync();
        return new GrowthResult(rows[0], rows[1], results);
    }
}
