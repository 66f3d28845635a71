using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Millrace.SystemTests.Connectors;

/// <summary>A Kafka of one process: kcat, with the mock cluster of librdkafka in it, reads what comes to one topic and prints it.</summary>
public sealed partial class KafkaBroker : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _messages = new();
    private readonly TaskCompletionSource<string> _servers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private KafkaBroker(string topic)
    {
        // It wants an address of a broker, and takes its own in place of it.
        _process = Process.Start(new ProcessStartInfo(
            "kcat", ["-C", "-b", "127.0.0.1:1", "-X", "test.mock.num.brokers=1", "-d", "mock", "-t", topic, "-u", "-f", "%k %h %s\n"])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } message) _messages.Enqueue(message);
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text && Servers().Match(text) is { Success: true } found) _servers.TrySetResult(found.Groups[1].Value);
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Key, headers and value of each message that came, in order.</summary>
    public IReadOnlyList<string> Messages => [.. _messages];

    /// <summary>As <c>127.0.0.1:35205</c>.</summary>
    public string Address { get; private set; } = "";

    public static async Task<KafkaBroker> StartAsync(string topic)
    {
        var broker = new KafkaBroker(topic);
        broker.Address = await broker._servers.Task.WaitAsync(TimeSpan.FromSeconds(20));
        return broker;
    }

    /// <summary>It is there, and answers nobody, until <see cref="GoOnAsync"/>.</summary>
    public Task StallAsync() => Commands.RunAsync("kill", ["-STOP", $"{_process.Id}"]);

    public Task GoOnAsync() => Commands.RunAsync("kill", ["-CONT", $"{_process.Id}"]);

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"bootstrap\.servers=([0-9.:]+)")]
    private static partial Regex Servers();
}
