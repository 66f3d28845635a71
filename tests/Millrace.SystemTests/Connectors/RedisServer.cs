using System.Diagnostics;

namespace Millrace.SystemTests.Connectors;

/// <summary>Debian's redis-server, which keeps all it acknowledged, over kill -9.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly string _directory = Scratch.Directory();
    private Process? _process;

    public const string Password = "not-for-logs";

    public int Port { get; } = MillraceProcess.FreePort();

    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        await server.ComeBackAsync();
        return server;
    }

    public async Task ComeBackAsync()
    {
        _process = Process.Start(new ProcessStartInfo(
            "redis-server",
            ["--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _directory, "--save", "", "--appendonly", "yes", "--appendfsync", "always", "--requirepass", Password])
        { RedirectStandardOutput = true })!;
        _process.BeginOutputReadLine();
        await Eventually.AsyncTrue(async () => await AskAsync("PING") == "PONG", TimeSpan.FromSeconds(20), () => "redis-server does not start");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>It is there, and answers nobody, until <see cref="GoOnAsync"/>.</summary>
    public Task StallAsync() => Commands.RunAsync("kill", ["-STOP", $"{_process!.Id}"]);

    public Task GoOnAsync() => Commands.RunAsync("kill", ["-CONT", $"{_process!.Id}"]);

    /// <summary>What redis-cli prints for a command.</summary>
    public async Task<string> AskAsync(params string[] command) =>
        (await Commands.RunAsync("redis-cli", ["-p", $"{Port}", .. command], new() { ["REDISCLI_AUTH"] = Password })).Output.TrimEnd('\n');

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
        Scratch.Delete(_directory);
    }
}
