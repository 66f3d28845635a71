using Millrace.Benchmarks.Reports;
using Millrace.Benchmarks.Series.Data;
using Millrace.Benchmarks.Series.Engines;
using Millrace.Benchmarks.Series.Questions;

namespace Millrace.Benchmarks.Series.Runs;

/// <summary>The same questions about the last hour to two servers of ours, in turns: one with the history of the shape, one with ten times as much.</summary>
internal sealed class GrowthRun(DataShape shape, EngineKind ours, SeriesRunOptions options)
{
    public const int Times = 10;

    /// <summary>The same program is not equally quick each time it is started: how its code was compiled, and where its memory is, differ.</summary>
    private const int Starts = 3;

    /// <param name="directory">For the data of a shape; what is loaded there already is used.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<GrowthResult> RunAsync(Func<DataShape, string> directory, CancellationToken stop)
    {
        var longer = shape with { Hours = shape.Hours * Times };
        var homes = new[] { shape, longer }.Select(s => new EngineHome(ours, s, directory(s))).ToArray();
        var rows = new List<long>();
        foreach (var home in homes) rows.Add((await home.LoadAsync(stop)).Rows);

        var asked = options.Questions.Where(static q => q.IsRecent).Select(static q => (Question: q, Short: new List<double>(), Long: new List<double>())).ToArray();
        await using var awake = new AwakeProcessors();
        for (var start = 0; start < Starts; start++)
        {
            await using var small = await homes[0].StartColdAsync(stop);
            await using var large = await homes[1].StartColdAsync(stop);
            foreach (var (question, shortMs, longMs) in asked)
            {
                var ms = await AskAsync(question, [small, large], stop);
                shortMs.AddRange(ms[0]);
                longMs.AddRange(ms[1]);
            }

            await small.StopAsync();
            await large.StopAsync();
        }

        return new GrowthResult(
            rows[0], rows[1], [.. asked.Select(static q => new GrowthQuestion(q.Question.Name, QuestionTimes.Of(0, q.Short).MedianMs, QuestionTimes.Of(0, q.Long).MedianMs))]);
    }

    private async Task<IReadOnlyList<List<double>>> AskAsync(Question question, IEngine[] servers, CancellationToken stop)
    {
        // Fleets, trucks and windows are the same; only the shape differs, which these questions do not look at.
        var sets = options.SetsOf(question, shape, recent: true);
        foreach (var set in sets)
            foreach (var server in servers) await server.AskAsync(question, set, stop);

        // All have just started: what is compiled while they answer must not be taken for the history.
        using var alone = new OneAtATime(servers);
        var turns = new Turns(alone, servers, question, sets);
        for (var number = 0; number < servers.Length; number++) await turns.WarmUpAsync(number, stop);
        await turns.TakeAsync(options.Rounds, stop);
        return turns.Ms;
    }
}
