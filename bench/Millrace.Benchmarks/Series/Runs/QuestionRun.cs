using System.Diagnostics;
using Millrace.Benchmarks.Reports;
using Millrace.Benchmarks.Series.Engines;
using Millrace.Benchmarks.Series.Questions;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Series.Runs;

/// <summary>One question, to all engines in turns: first for the same answers, later for time.</summary>
internal sealed class QuestionRun(Question question, IReadOnlyList<Parameters> sets, IReadOnlyList<Contender> contenders)
{
    private const double WarmMs = 1000;

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
    /// <param name="alone">All engines.</param>
    /// <param name="rounds">At least.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<SeriesQuestionResult> TimeAsync(OneAtATime alone, int rounds, CancellationToken stop)
    {
        var asked = Asked;
        var turns = new Turns(alone, [.. asked.Select(static c => c.Engine)], question, sets);
        if (Problem is null)
        {
            // Comparing has warmed up what takes long.
            for (var number = 0; number < asked.Count; number++)
                if (_firstMs[asked[number].Kind.Name] < WarmMs) await turns.WarmUpAsync(number, stop);
            await turns.TakeAsync(rounds, stop);
        }

        return new SeriesQuestionResult
        {
            Name = question.Name,
            Title = question.Title,
            Parameters = sets.Count,
            AnswerRows = _rows,
            Times = asked.Select(static c => c.Kind.Name).Zip(turns.Ms).Where(static m => m.Second.Count > 0).ToDictionary(static m => m.First, m => QuestionTimes.Of(_firstMs[m.First], m.Second)),
            LeftOut = _leftOut,
            Problem = Problem,
        };
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
}
