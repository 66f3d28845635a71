using System.Collections.Concurrent;
using System.Diagnostics;

namespace Millrace.SystemTests.Interop;

/// <summary>
/// A program in another language that runs cases against the broker and prints for each <c>ok NAME</c>, <c>skip NAME: why</c> or
/// <c>not ok NAME: why</c>. One test for each case waits for its line.
/// </summary>
public abstract class CaseRun(BrokerUnderTest broker) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _outcomes = new();
    private Process? _process;
    private Task? _reading;

    protected BrokerUnderTest Broker { get; } = broker;

    protected abstract string[] Command { get; }

    public virtual async ValueTask InitializeAsync()
    {
        await Broker.InitializeAsync();
        string[] command = [.. Command, .. BrokerUnderTest.IsMosquitto ? new[] { "--mosquitto" } : []];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _reading = ReadAsync(_process);
    }

    /// <summary>Passes, skips or fails as the case did.</summary>
    public async Task AssertAsync(string name)
    {
        var outcome = await Outcome(name).Task.WaitAsync(Patience);
        if (outcome.StartsWith("skip ", StringComparison.Ordinal)) Assert.Skip(outcome);
        if (!outcome.StartsWith("ok ", StringComparison.Ordinal)) Assert.Fail(outcome);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) _process.Kill(entireProcessTree: true);
        if (_reading is not null) await _reading;
        _process?.Dispose();
        await Broker.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The names that a program prints.</summary>
    protected static TheoryData<string> List(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        return new TheoryData<string>(process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private TaskCompletionSource<string> Outcome(string name) =>
        _outcomes.GetOrAdd(name, static _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task ReadAsync(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            var name = line[(line.StartsWith("not ok ", StringComparison.Ordinal) ? 7 : line.IndexOf(' ') + 1)..];
            Outcome(name.Split(':')[0]).TrySetResult(line);
        }

        var printed = await error;
        foreach (var open in _outcomes.Values) open.TrySetException(new InvalidOperationException($"the program ended without this case:\n{printed}"));
    }
}
