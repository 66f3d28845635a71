using System.Diagnostics;

namespace Millrace.Fuzz;

/// <summary>Gives one target input after input until the time is over or one breaks it.</summary>
public sealed class FuzzRunner(IFuzzTarget target, string failures)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(10);

    // What is left on the heap after a collection may vary by this; a leak of a kilobyte an input is far beyond it in a minute.
    private const long HeapSlack = 64 * 1024 * 1024;

    // The heap is measured for the first time when all that is made once has been made.
    private const int InputsToWarmUp = 50;

    private readonly FuzzInput _input = new();
    private volatile int _seed;
    private volatile int _inputs;
    private volatile bool _isOver;
    private Exception? _failure;
    private long _heapBefore;

    /// <returns>False where an input broke the target.</returns>
    public bool Run(int seed, TimeSpan time) => Watch(seed, time, int.MaxValue);

    /// <returns>False where the input broke the target.</returns>
    public bool RunOne(int seed) => Watch(seed, TimeSpan.MaxValue, 1);

    private bool Watch(int seed, TimeSpan time, int most)
    {
        _seed = seed;
        using var done = new ManualResetEventSlim();
        // What is thrown on a thread of the pool ends the process: then the input must be on disk.
        UnhandledExceptionEventHandler unhandled = (_, e) => Failed((Exception)e.ExceptionObject);
        AppDomain.CurrentDomain.UnhandledException += unhandled;
        var worker = new Thread(() => Work(most, done), maxStackSize: 1024 * 1024) { IsBackground = true };
        var clock = Stopwatch.StartNew();
        var (lastReport, lastSeen, lastChange) = (TimeSpan.Zero, seed, TimeSpan.Zero);
        worker.Start();
        while (!done.Wait(TimeSpan.FromMilliseconds(50)))
        {
            var now = clock.Elapsed;
            _isOver = now >= time;
            if (_seed != lastSeen) (lastSeen, lastChange) = (_seed, now);
            if (now - lastChange > Longest) return Failed(new BrokenPromiseException($"It does not come to an end within {Longest.TotalSeconds:F0} s."));
            if (now - lastReport < BetweenReports) continue;
            lastReport = now;
            Console.WriteLine($"  {target.Name}: {_inputs} inputs, {_inputs / now.TotalSeconds:F0} a second");
        }

        AppDomain.CurrentDomain.UnhandledException -= unhandled;
        if (_failure is not null) return Failed(_failure);
        Console.WriteLine($"  {target.Name}: {_inputs} inputs in {clock.Elapsed.TotalSeconds:F1} s, from seed {seed}: passed");
        return true;
    }

    private void Work(int most, ManualResetEventSlim done)
    {
        try
        {
            while (_inputs < most && !_isOver)
            {
                _input.Clear();
                target.Run(_seed, _input);
                if (++_inputs == most) break;
                if (_inputs == InputsToWarmUp) _heapBefore = GC.GetTotalMemory(forceFullCollection: true);
                _seed = _seed == int.MaxValue ? 0 : _seed + 1;
            }

            if (_inputs > InputsToWarmUp) CheckHeap();
        }
        catch (Exception e)
        {
            _failure = e;
        }

        done.Set();
    }

    private void CheckHeap()
    {
        _input.Clear();
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        BrokenPromiseException.Unless(
            heap - _heapBefore < HeapSlack, $"The heap grew from {_heapBefore} to {heap} bytes over {_inputs} inputs, none of which should leave anything.");
    }

    private bool Failed(Exception failure)
    {
        var replay = $"./dev fuzz {target.Name} --seed {_seed}";
        Directory.CreateDirectory(failures);
        var path = Path.Combine(failures, $"{target.Name}-{_seed}.txt");
        File.WriteAllText(path, $"target {target.Name}\nseed {_seed}\nreplay {replay}\n\n{failure}\n\ninput\n{_input}");
        Console.WriteLine($"  {target.Name}: FAILED after {_inputs} inputs, seed {_seed}: {failure.GetType().Name}: {failure.Message}");
        Console.WriteLine($"  The input is in {path}; see it again with: {replay}");
        return false;
    }
}
