using Millrace.Benchmarks.Series.Engines;
using Millrace.Benchmarks.Stacks;

namespace Millrace.Benchmarks.Series.Runs;

/// <summary>Lets one engine run while the others are stopped: what they do all the time by themselves is not in its times. Disposing lets all go on.</summary>
internal sealed class OneAtATime(IReadOnlyList<IEngine> engines) : IDisposable
{
    // As Linux has them.
    private const int Sigcont = 18;
    private const int Sigstop = 19;

    /// <summary>What was due meanwhile is done then.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(5);

    private IEngine? _running;

    public async Task LetAsync(IEngine engine, CancellationToken stop)
    {
        if (engine == _running) return;
        foreach (var other in _running is null ? engines.Where(e => e != engine) : [_running]) Signal(other, Sigstop);
        if (_running is not null) Signal(engine, Sigcont);
        _running = engine;
        await Task.Delay(Settle, stop);
    }

    public void Dispose()
    {
        foreach (var engine in engines) Signal(engine, Sigcont);
    }

    private static void Signal(IEngine engine, int signal)
    {
        foreach (var process in ProcessTree.Of(engine.Process.Id)) ChildProcess.Signal(process, signal);
    }
}
