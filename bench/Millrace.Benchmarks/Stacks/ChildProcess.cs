using System.Diagnostics;
using System.Runtime.InteropServices;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Stacks;

/// <summary>A program this one started: its last words are kept, it is asked to stop with SIGTERM, and it never stays behind.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 60;
    /// <summary>For a program whose SIGTERM means to wait for its clients.</summary>
    public const int Sigint = 2;

    private const int Sigterm = 15;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ExitNoticeLimit = TimeSpan.FromMilliseconds(500);

    private readonly Process _process;
    private readonly Queue<string> _lastLines = new();
    private readonly TaskCompletionSource _saidReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string? _readyLine;

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What asks it to stop.</summary>
    public int StopSignal { get; init; } = Sigterm;

    /// <summary>It was asked to.</summary>
    public bool HasStopped { get; private set; }

    /// <summary>A sentence with what it wrote last.</summary>
    public string LastLines
    {
        get
        {
            lock (_lastLines)
                return _lastLines.Count == 0 ? $"{Name} wrote nothing." : $"{Name} wrote last:\n  " + string.Join("\n  ", _lastLines);
        }
    }

    /// <param name="name">For messages and reports.</param>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its words.</param>
    /// <param name="readyLine">What it writes when it is ready, for <see cref="SaidReadyAsync"/>.</param>
    public ChildProcess(string name, string file, IEnumerable<string> arguments, string? readyLine = null)
    {
        Name = name;
        _readyLine = readyLine;
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Ends when the ready line was written.</summary>
    public Task SaidReadyAsync(TimeSpan limit, CancellationToken stop) => UntilAsync(() => Task.FromResult(_saidReady.Task.IsCompleted), limit, stop);

    /// <summary>For a program that ends by itself.</summary>
    public async Task EndsWellAsync(TimeSpan limit, CancellationToken stop)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop);
        both.CancelAfter(limit);
        try
        {
            await _process.WaitForExitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw Broken($"is not done after {limit.TotalSeconds:0} s");
        }

        if (_process.ExitCode != 0) throw Broken($"ended with code {_process.ExitCode}");
    }

    /// <summary>Asks again and again until the answer is yes.</summary>
    /// <exception cref="FaultException">The process ended, or the limit passed; with its last lines.</exception>
    public async Task UntilAsync(Func<Task<bool>> ready, TimeSpan limit, CancellationToken stop)
    {
        var since = Stopwatch.StartNew();
        while (!await ready())
        {
            ThrowIfExited();
            if (since.Elapsed > limit) throw Broken($"is not ready after {limit.TotalSeconds:0} s");
            await Task.Delay(TimeSpan.FromMilliseconds(20), stop);
        }
    }

    public void ThrowIfExited()
    {
        if (HasExited) throw Broken($"ended by itself with code {_process.ExitCode}");
    }

    /// <summary>SIGTERM, or what the program takes for it, and waits for the end.</summary>
    /// <exception cref="FaultException">It did not end, or not well; with its last lines.</exception>
    public async Task StopAsync()
    {
        ThrowIfExited();
        HasStopped = true;
        Signal(Id, StopSignal);
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw Broken($"did not end within {StopLimit.TotalSeconds:0} s of signal {StopSignal}");
        }

        if (_process.ExitCode is not (0 or 128 + Sigterm)) throw Broken($"ended with code {_process.ExitCode} after signal {StopSignal}");
    }

    /// <summary>To any process; nothing where it has ended.</summary>
    public static void Signal(int process, int signal) => _ = Kill(process, signal);

    /// <summary>For a process that may be dying: its end explains what else went wrong.</summary>
    public async Task ThrowIfExitsSoonAsync()
    {
        using var limit = new CancellationTokenSource(ExitNoticeLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        ThrowIfExited();
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private FaultException Broken(string what) => new(Fault.Unavailable, $"{Name} {what}. {LastLines}");

    private void Keep(string? line)
    {
        if (line is null) return;
        if (line == _readyLine) _saidReady.TrySetResult();
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > KeptLines) _lastLines.Dequeue();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
