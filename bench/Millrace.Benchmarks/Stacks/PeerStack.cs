using System.Net;

namespace Millrace.Benchmarks.Stacks;

/// <summary>mosquitto, a Node bridge and InfluxDB: what people put together; or mosquitto alone, which keeps nothing.</summary>
internal sealed class PeerStack : IStack
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly ScratchDirectory _scratch;
    private readonly List<ChildProcess> _processes = [];
    private readonly MosquittoServer _mosquitto;
    private InfluxTable? _influx;

    public IPEndPoint Mqtt => _mosquitto.Mqtt;

    public IReadOnlyList<ChildProcess> Processes => _processes;

    public ITable? Table => _influx;

    private PeerStack(string parent, MosquittoServer mosquitto)
    {
        _scratch = new ScratchDirectory(parent);
        _mosquitto = mosquitto;
        _processes.Add(mosquitto.Process);
    }

    public static async Task<IStack> StartAsync(string parent, bool stores, CancellationToken stop)
    {
        var stack = new PeerStack(parent, await MosquittoServer.StartAsync(parent, tls: null, stop));
        try
        {
            if (!stores) return stack;
            var influx = await stack.StartInfluxAsync(stop);
            await stack.StartBridgeAsync(influx, stop);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>The bridge first, so that nobody writes to what has gone.</summary>
    public async Task<IReadOnlyDictionary<string, long>> StopAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes)) await process.StopAsync();
        var influx = _scratch.File("influx");
        return Directory.Exists(influx) ? ScratchDirectory.SizesBelow(influx) : new Dictionary<string, long>();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        await _mosquitto.DisposeAsync();
        _influx?.Dispose();
        _scratch.Dispose();
    }

    private async Task<IPEndPoint> StartInfluxAsync(CancellationToken stop)
    {
        var ports = Loopback.FreePorts(2);
        var file = _scratch.File("influxdb.conf");
        var data = _scratch.File("influx");
        File.WriteAllText(file, $"""
            reporting-disabled = true
            bind-address = "{ports[1]}"
            [meta]
              dir = "{data}/meta"
            [data]
              dir = "{data}/data"
              wal-dir = "{data}/wal"
              query-log-enabled = false
            [http]
              bind-address = "{ports[0]}"
              log-enabled = false
            [monitor]
              store-enabled = false
            [logging]
              level = "warn"

            """);
        var process = Start(new ChildProcess("influxd", PeerPrograms.PathOf("influxd"), ["run", "-config", file]));
        _influx = new InfluxTable(ports[0]);
        await process.UntilAsync(() => _influx.IsReadyAsync(stop), StartLimit, stop);
        await _influx.CreateAsync(stop);
        return ports[0];
    }

    private Task StartBridgeAsync(IPEndPoint influx, CancellationToken stop)
    {
        var script = Path.Combine(PeerPrograms.BridgeFolder, "bridge.mjs");
        var process = Start(new ChildProcess(
            "node", PeerPrograms.PathOf("node"), [script, $"mqtt://{Mqtt}", $"http://{influx}", InfluxTable.Database], readyLine: "ready"));
        return process.SaidReadyAsync(StartLimit, stop);
    }

    private ChildProcess Start(ChildProcess process)
    {
        _processes.Add(process);
        return process;
    }
}
