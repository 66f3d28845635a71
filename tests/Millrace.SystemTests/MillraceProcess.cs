using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Millrace.SystemTests;

/// <summary>The real program as a process, on free ports of the loopback and a data directory of its own.</summary>
public sealed class MillraceProcess : IAsyncDisposable
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<int, byte> Given = [];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "millrace.dll");

    private readonly StringBuilder _output = new();
    private readonly string? _pipeline;
    private readonly string[] _options;
    private Process? _process;

    private MillraceProcess(string data, string? pipeline, string[] options)
    {
        Data = data;
        _pipeline = pipeline;
        _options = options;
        MqttPort = FreePort();
        HttpPort = FreePort();
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{HttpPort}/"), Timeout = Patience };
    }

    public string Data { get; }

    public int MqttPort { get; }

    public int HttpPort { get; }

    public int ProcessId => _process!.Id;

    public HttpClient Http { get; }

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>A server with a pipeline given as YAML text, or the file of the demo, or none.</summary>
    /// <param name="pipeline">See above.</param>
    /// <param name="data">A directory; null: one of its own.</param>
    /// <param name="options">Of the verb serve, given at every start.</param>
    public static async Task<MillraceProcess> StartAsync(string? pipeline = null, string? data = null, params string[] options)
    {
        var server = new MillraceProcess(data ?? Scratch.Directory(), pipeline, options);
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts after <see cref="StopAsync"/> or <see cref="Kill"/>, on the same ports and data.</summary>
    public async Task StartAgainAsync()
    {
        var arguments = new List<string>
        {
            Program, "serve", "--data", Data, "--mqtt", $"127.0.0.1:{MqttPort}", "--http", $"127.0.0.1:{HttpPort}",
        };
        if (_pipeline is not null)
        {
            var file = File.Exists(_pipeline) ? _pipeline : Path.Combine(Data, "given.yaml");
            if (file != _pipeline)
            {
                Directory.CreateDirectory(Data);
                await File.WriteAllTextAsync(file, _pipeline);
            }

            arguments.AddRange(["--pipeline", file]);
        }

        arguments.AddRange(_options);
        _process = Start("dotnet", arguments);
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.AsyncTrue(async () => _process.HasExited || await IsReadyAsync(), Patience, () => $"the server is not ready:\n{Output}");
        if (_process.HasExited) throw new InvalidOperationException($"the server ended with code {_process.ExitCode}:\n{Output}");
    }

    /// <summary>Stops it as Ctrl-C does.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        using var kill = Start("kill", ["-TERM", $"{_process!.Id}"]);
        await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Rows of a query; waits for none.</summary>
    public async Task<IReadOnlyList<JsonElement[]>> QueryAsync(string sql)
    {
        using var answer = await Http.PostAsJsonAsync("api/v1/query", new { sql });
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        if (answer.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"{sql}: {body}");
        return [.. body.GetProperty("rows").EnumerateArray().Select(static row => row.EnumerateArray().ToArray())];
    }

    /// <summary>The number a query answers with; -1 while there is no such table.</summary>
    public async Task<long> CountAsync(string sql)
    {
        using var answer = await Http.PostAsJsonAsync("api/v1/query", new { sql });
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return answer.IsSuccessStatusCode ? body.GetProperty("rows")[0][0].GetInt64()
            : body.GetProperty("error").GetProperty("kind").GetString() == "notFound" ? -1
            : throw new InvalidOperationException($"{sql}: {body}");
    }

    public Task<JsonElement> GetAsync(string path) => Http.GetFromJsonAsync<JsonElement>(path);

    public async Task<JsonElement> FlowAsync(string name) =>
        (await GetAsync("api/v1/ledger")).GetProperty("flows").EnumerateArray().Single(flow => flow.GetProperty("name").GetString() == name);

    /// <summary>A verb of the command line, against this server.</summary>
    public Task<Ran> CliAsync(params string[] arguments) =>
        Commands.RunAsync("dotnet", [Program, .. arguments], new() { ["MILLRACE_URL"] = Http.BaseAddress!.ToString() });

    /// <summary>mosquitto_pub to this server.</summary>
    public Task<Ran> PublishAsync(string topic, string payload, params string[] more) =>
        Commands.RunAsync("mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{MqttPort}", "-q", "1", "-t", topic, "-m", payload, .. more]);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
        Http.Dispose();
        Scratch.Delete(Data);
    }

    /// <summary>A port that nobody listens on, and that no other test of this run was given: below those that the system gives to clients.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(12_000, 32_000);
            if (!Given.TryAdd(port, 0)) continue;
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken by something else: the next one.
            }
        }
    }

    private static Process Start(string program, IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        RedirectStandardInput = true,
    })!;

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Http.GetAsync("health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output) _output.AppendLine(line.Data);
    }
}
