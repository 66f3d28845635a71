using System.Globalization;
using System.Net;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Stacks;

/// <summary>This repository's server, as a process of its own on a data directory of its own.</summary>
internal sealed class MillraceServer : IStack, IBroker
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ScratchDirectory _scratch;
    private readonly HttpClient _http;
    private readonly string _data;

    public IPEndPoint Mqtt { get; }

    public ChildProcess Process { get; }

    public IReadOnlyList<ChildProcess> Processes => [Process];

    public ITable? Table { get; }

    private MillraceServer(MillraceStart start)
    {
        _scratch = new ScratchDirectory(start.Parent);
        _data = _scratch.File("data");
        var ports = Loopback.FreePorts(2);
        Mqtt = ports[0];
        _http = new HttpClient { BaseAddress = new Uri($"http://{ports[1]}"), Timeout = TimeSpan.FromSeconds(30) };
        Table = new MillraceTable(_http);
        List<string> words = [start.Program, "serve", "--data", _data, "--http", $"{ports[1]}"];
        words.AddRange(start.Certificate is { } tls ? ["--config", Write("millrace.yaml", TlsListener(tls))] : ["--mqtt", $"{Mqtt}"]);
        if (start.Pipeline is not null) words.AddRange(["--pipeline", Write("pipeline.yaml", start.Pipeline)]);
        words.AddRange(start.Words);
        Process = new ChildProcess("millrace", Environment.ProcessPath!, words);
    }

    public static async Task<MillraceServer> StartAsync(MillraceStart start, CancellationToken stop)
    {
        if (start.Certificate is not null) await start.NeedOptionAsync("--mqtts", stop);
        var server = new MillraceServer(start);
        try
        {
            await server.Process.UntilAsync(() => server.IsReadyAsync(stop), StartLimit, stop);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <remarks>Acknowledged or accepted; what the log had no room for is refused, and not among them.</remarks>
    public async Task<long> TakenAsync(long expected, CancellationToken stop)
    {
        var metrics = await _http.GetStringAsync(new Uri("/metrics", UriKind.Relative), stop);
        return Counter(metrics, "acknowledged") + Counter(metrics, "accepted");
    }

    public async Task<IReadOnlyDictionary<string, long>> StopAsync()
    {
        await Process.StopAsync();
        return ScratchDirectory.SizesBelow(_data);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _http.Dispose();
        _scratch.Dispose();
    }

    private string TlsListener(TestCertificate tls) =>
        $$"""
        listeners:
          - type: mqtts
            address: "{{Mqtt}}"
            auth: [anonymous]
            tls: { certificate: "{{tls.CertificateFile}}", key: "{{tls.KeyFile}}" }

        """;

    private string Write(string name, string text)
    {
        var file = _scratch.File(name);
        File.WriteAllText(file, text);
        return file;
    }

    private static long Counter(string metrics, string outcome)
    {
        var start = $"millrace_gateway_messages_total{{outcome=\"{outcome}\"}} ";
        var line = metrics.Split('\n').FirstOrDefault(l => l.StartsWith(start, StringComparison.Ordinal))
            ?? throw new FaultException(Fault.Unreadable, $"/metrics has no line that begins with {start}");
        return long.Parse(line[start.Length..], CultureInfo.InvariantCulture);
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
