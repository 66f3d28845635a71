using System.Diagnostics;
using Millrace.Benchmarks.Reports;
using Millrace.Benchmarks.Series.Engines;
using Millrace.Benchmarks.Series.Questions;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Series.Runs;

/// <summary>One question, to all engines in turns: first for the same answers, later for time.</summary>
internal sealed class QuestionRun(Question question, IReadOnlyList<Parameters> sets, IReadOnlyList<Contender> contenders)
{
    private const int MostRounds = 50;

    // An engine that has taken so long is not asked again: it would only make a long run longer.
    private const double MostMs = 30_000;
    private const double WarmMs = 1000;
    private const int WarmRounds = 1000;

    // Quick questions are asked more often, so long as all of it takes no longer.
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan WarmFor = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, double> _firstMs = [];
    private readonly Dictionary<string, string> _leftOut = [];
    private int _rows;

    /// <summary>A sentence; null where all agree.</summary>
    public string? Problem { get; private set; }

    private IReadOnlyList<Contender> Asked => [.. contenders.Where(c => !_leftOut.ContainsKey(c.Kind.Name))];

    /// <summary>Puts it to each with each parameters, and compares.</summary>
    public async Task CheckAsync(AnswerFiles kept, CancellationToken stop)
    {
        foreach (var contender in contenders)
            if (contender.Engine.WhyNot(question) is { } why) _leftOut[contender.Kind.Name] = why;
        try
        {
            for (var i = 0; i < sets.Count; i++) await CheckAsync(i, kept, stop);
        }
        catch (FaultException e)
        {
            Problem = e.Message;
            foreach (var contender in contenders) contender.Engine.Process.ThrowIfExited();
        }
    }

    /// <summary>Each engine in each round with each parameters.</summary>
    /// <param name="rounds">At least.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<SeriesQuestionResult> TimeAsync(int rounds, CancellationToken stop)
    {
        var ms = Asked.ToDictionary(static c => c.Kind.Name, static _ => new List<double>());
        if (Problem is null)
        {
            await WarmUpAsync(stop);
            var since = Stopwatch.GetTimestamp();
            for (var round = 0; round < rounds || (round < MostRounds && Stopwatch.GetElapsedTime(since) < Enough); round++)
            {
                var inTurn = Asked.Where(c => round == 0 || ms[c.Kind.Name].Sum() < MostMs).ToArray();
                foreach (var set in sets)
                {
                    // What one leaves in the processor's caches, or still does after its answer, is not to fall upon the same other each time.
                    Random.Shared.Shuffle(inTurn);
                    foreach (var contender in inTurn) ms[contender.Kind.Name].Add(await TimeAsync(contender.Engine, set, stop));
                }
            }
        }

        return new SeriesQuestionResult
        {
            Name = question.Name,
            Title = question.Title,
            Parameters = sets.Count,
            AnswerRows = _rows,
            Times = ms.Where(static m => m.Value.Count > 0).ToDictionary(static m => m.Key, m => QuestionTimes.Of(_firstMs[m.Key], m.Value)),
            LeftOut = _leftOut,
            Problem = Problem,
        };
    }

    // Comparing has warmed up what takes long. What is quick is measured as it is in a server that runs for long: its code is compiled, its pages are read.
    // Each has the same time for it, so that one that is slow does not keep another from being asked often enough.
    private async Task WarmUpAsync(CancellationToken stop)
    {
        foreach (var contender in Asked.Where(c => _firstMs[c.Kind.Name] < WarmMs))
        {
            var since = Stopwatch.GetTimestamp();
            for (var round = 0; round == 0 || (round < WarmRounds && Stopwatch.GetElapsedTime(since) < WarmFor); round++)
                foreach (var set in sets) await contender.Engine.DrainAsync(question, set, stop);
        }
    }

    private async Task CheckAsync(int number, AnswerFiles kept, CancellationToken stop)
    {
        var answers = new List<(string Engine, Answer Answer)>();
        foreach (var contender in Asked)
        {
            var since = Stopwatch.GetTimestamp();
            answers.Add((contender.Kind.Title, await AskAsync(contender, sets[number], stop)));
            _firstMs.TryAdd(contender.Kind.Name, Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        var agreed = answers.Count > 1;
        if (!agreed && kept.Read(question, number) is { } before) answers.Add(("an earlier run", before));
        foreach (var other in answers.SkipLast(1)) AnswerCheck.Same(question, answers[^1], other);
        if (agreed) kept.Write(question, number, answers[^1].Answer);
        _rows = Math.Max(_rows, answers[0].Answer.Rows.Count);
    }

    private async Task<Answer> AskAsync(Contender contender, Parameters set, CancellationToken stop)
    {
        try
        {
            return await contender.Engine.AskAsync(question, set, stop);
        }
        catch (FaultException e)
        {
            throw new FaultException(e.Fault, $"{question.Name}: {contender.Kind.Title}: {e.Message}", e);
        }
    }

    private async Task<double> TimeAsync(IEngine engine, Parameters set, CancellationToken stop)
    {
        var since = Stopwatch.GetTimestamp();
        await engine.DrainAsync(question, set, stop);
        return Stopwatch.GetElapsedTime(since).TotalMilliseconds;
    }
}
