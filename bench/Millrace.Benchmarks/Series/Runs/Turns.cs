using System.Diagnostics;
using Millrace.Benchmarks.Series.Engines;
using Millrace.Benchmarks.Series.Questions;

namespace Millrace.Benchmarks.Series.Runs;

/// <summary>Puts a question to several engines by turns, and keeps how long each answer took. In its turn an engine has the machine for itself.</summary>
/// <param name="alone">Stops those whose turn it is not.</param>
/// <param name="engines">Those that are asked.</param>
/// <param name="question">What they are asked.</param>
/// <param name="sets">With each of these parameters.</param>
internal sealed class Turns(OneAtATime alone, IReadOnlyList<IEngine> engines, Question question, IReadOnlyList<Parameters> sets)
{
    private const int MostRounds = 50;

    /// <summary>What is quick is asked again and again within its turn, as by somebody who asks often.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);

    // An engine that has taken so long is not asked again: it would only make a long run longer.
    private const double MostMs = 30_000;
    private const int WarmRounds = 1000;

    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan WarmFor = TimeSpan.FromSeconds(2);

    private readonly Action[][] _asks = [.. engines.Select(engine => sets.Select(set => engine.Prepare(question, set)).ToArray())];
    private readonly List<double>[] _ms = [.. engines.Select(static _ => new List<double>())];

    /// <summary>Of each engine in milliseconds, in the order of the engines.</summary>
    public IReadOnlyList<List<double>> Ms => _ms;

    /// <summary>What is quick is to be measured as it is in a server that runs for long: its code is compiled, its pages are read.</summary>
    /// <remarks>Each has the same time for it, so that one that is slow does not keep another from being asked often enough.</remarks>
    public async Task WarmUpAsync(int number, CancellationToken stop)
    {
        await alone.LetAsync(engines[number], stop);
        var since = Stopwatch.GetTimestamp();
        for (var round = 0; round == 0 || (round < WarmRounds && Stopwatch.GetElapsedTime(since) < WarmFor); round++)
            foreach (var ask in _asks[number]) ask();
    }

    /// <param name="rounds">In each of which every engine has a turn with each parameters; more where they are quick.</param>
    /// <param name="stop">Gives up.</param>
    public async Task TakeAsync(int rounds, CancellationToken stop)
    {
        var order = Enumerable.Range(0, engines.Count).ToArray();
        var since = Stopwatch.GetTimestamp();
        for (var round = 0; round < rounds || (round < MostRounds && Stopwatch.GetElapsedTime(since) < Enough); round++)
        {
            for (var set = 0; set < sets.Count; set++)
            {
                // What one leaves behind in the processor's caches is not to fall upon the same other each time.
                Random.Shared.Shuffle(order);
                foreach (var number in order)
                    if (round == 0 || _ms[number].Sum() < MostMs) await TakeAsync(number, _asks[number][set], stop);
            }
        }
    }

    private async Task TakeAsync(int number, Action ask, CancellationToken stop)
    {
        await alone.LetAsync(engines[number], stop);
        var began = Stopwatch.GetTimestamp();
        do
        {
            var since = Stopwatch.GetTimestamp();
            ask();
            _ms[number].Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }
        while (Stopwatch.GetElapsedTime(began) < Turn);
    }
}
