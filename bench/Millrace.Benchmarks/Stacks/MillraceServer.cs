using System.Net;

namespace Millrace.Benchmarks.Stacks;

/// <summary>This repository's server, as a process of its own on a data directory of its own.</summary>
internal sealed class MillraceServer : IStack
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ScratchDirectory _scratch;
    private readonly HttpClient _http;
    private readonly ChildProcess _process;
    private readonly string _data;

    public IPEndPoint Mqtt { get; }

    public IReadOnlyList<ChildProcess> Processes => [_process];

    public ITable? Table { get; }

    private MillraceServer(string program, string pipeline, string parent)
    {
        _scratch = new ScratchDirectory(parent);
        _data = _scratch.File("data");
        var pipelineFile = _scratch.File("pipeline.yaml");
        File.WriteAllText(pipelineFile, pipeline);

        var ports = Loopback.FreePorts(2);
        Mqtt = ports[0];
        _http = new HttpClient { BaseAddress = new Uri($"http://{ports[1]}"), Timeout = TimeSpan.FromSeconds(30) };
        Table = new MillraceTable(_http);
        _process = new ChildProcess(
            "millrace",
            Environment.ProcessPath!,
            [program, "serve", "--data", _data, "--mqtt", $"{Mqtt}", "--http", $"{ports[1]}", "--pipeline", pipelineFile]);
    }

    /// <param name="program">millrace.dll.</param>
    /// <param name="pipeline">YAML.</param>
    /// <param name="parent">Where its data directory is made.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<IStack> StartAsync(string program, string pipeline, string parent, CancellationToken stop)
    {
        var server = new MillraceServer(program, pipeline, parent);
        try
        {
            await server._process.UntilAsync(() => server.IsReadyAsync(stop), StartLimit, stop);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async Task<IReadOnlyDictionary<string, long>> StopAsync()
    {
        await _process.StopAsync();
        return ScratchDirectory.SizesBelow(_data);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
        _scratch.Dispose();
    }

    private async Task<bool> IsReadyAsync(CancellationToken stop)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("/health/ready", UriKind.Relative), stop);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }
}
