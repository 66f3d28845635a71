using Millrace.Benchmarks.Reports;
using Millrace.Benchmarks.Series.Data;
using Millrace.Benchmarks.Series.Engines;
using Millrace.Benchmarks.Series.Questions;

namespace Millrace.Benchmarks.Series.Runs;

/// <summary>One shape of data in every engine, and all questions to it.</summary>
internal sealed class SeriesRun(DataShape shape, IReadOnlyList<EngineKind> kinds, SeriesRunOptions options)
{
    /// <param name="directory">For the data of all engines; what is loaded there already is used.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<(IReadOnlyList<SeriesEngineResult> Engines, IReadOnlyList<SeriesQuestionResult> Questions)> RunAsync(string directory, CancellationToken stop)
    {
        // One after the other, each alone: then all are started again, and take turns.
        var homes = kinds.Select(kind => (Kind: kind, Home: new EngineHome(kind, shape, directory))).ToArray();
        var loads = new List<LoadResult>();
        foreach (var (_, home) in homes) loads.Add(await home.LoadAsync(stop));

        var contenders = new List<Contender>();
        try
        {
            foreach (var ((kind, home), load) in homes.Zip(loads)) contenders.Add(new Contender(kind, await home.StartColdAsync(stop), load));
            var results = await AskAsync(contenders, new AnswerFiles(Path.Combine(directory, "answers")), stop);
            foreach (var contender in contenders) await contender.Engine.StopAsync();
            return ([.. contenders.Select(static c => SeriesEngineResult.Of(c.Kind, c.Load))], results);
        }
        finally
        {
            foreach (var contender in contenders) await contender.Engine.DisposeAsync();
        }
    }

    private async Task<IReadOnlyList<SeriesQuestionResult>> AskAsync(IReadOnlyList<Contender> contenders, AnswerFiles kept, CancellationToken stop)
    {
        var runs = options.Questions.Select(q => new QuestionRun(q, options.SetsOf(q, shape, recent: false), contenders)).ToArray();
        await ProgressDisplay.ShowAsync("comparing answers", runs.Length, async progress =>
        {
            foreach (var (i, run) in runs.Index())
            {
                await run.CheckAsync(kept, stop);
                progress(i + 1);
            }

            return true;
        });

        var results = new List<SeriesQuestionResult>();
        await ProgressDisplay.ShowAsync("asking in turns", runs.Length, async progress =>
        {
            await using var awake = new AwakeProcessors();
            using var alone = new OneAtATime([.. contenders.Select(static c => c.Engine)]);
            foreach (var run in runs)
            {
                results.Add(await run.TimeAsync(alone, options.Rounds, stop));
                progress(results.Count);
            }

            return true;
        });
        return results;
    }
}
