using System.Net;
using System.Text;
using System.Text.Json;
using Millrace.Benchmarks.Series.Data;
using Millrace.Benchmarks.Series.Questions;
using Millrace.Benchmarks.Stacks;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>InfluxDB 1.x: all tags are tags, its index in memory as it comes.</summary>
internal sealed class InfluxEngine : IEngine
{
    public const string Database = "bench";
    private const string QueryPath = $"/query?db={Database}&epoch=s";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    // Its own wait for new work, below, and some more.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(25);

    private readonly HttpBytes _http;
    private readonly string _directory;

    public ChildProcess Process { get; }

    /// <summary>What its makers advise.</summary>
    public int BatchRows => 5_000;

    private InfluxEngine(string directory, IPEndPoint[] servers)
    {
        _directory = directory;
        _http = new HttpBytes(new Uri($"http://{servers[0]}"));
        var file = Path.Combine(directory, "influxdb.conf");

        // The waits are short so that it merges its files now: it would in hours, by itself.
        File.WriteAllText(file, $"""
            reporting-disabled = true
            bind-address = "{servers[1]}"
            [meta]
              dir = "{directory}/meta"
            [data]
              dir = "{directory}/data"
              wal-dir = "{directory}/wal"
              query-log-enabled = false
              cache-snapshot-write-cold-duration = "10s"
              compact-full-write-cold-duration = "15s"
              max-series-per-database = 0
              max-values-per-tag = 0
            [http]
              bind-address = "{servers[0]}"
              log-enabled = false
            [monitor]
              store-enabled = false
            [logging]
              level = "warn"

            """);
        Process = new ChildProcess("influxd", PeerPrograms.PathOf("influxd"), ["run", "-config", file]);
    }

    public static async Task<IEngine> StartAsync(string directory, CancellationToken stop)
    {
        var engine = new InfluxEngine(directory, Loopback.FreePorts(2));
        try
        {
            await engine.Process.UntilAsync(() => engine._http.AnswersAsync("/ping", stop), StartLimit, stop);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    public async Task<string> VersionAsync(CancellationToken stop) =>
        (await SeriesAsync("SHOW DIAGNOSTICS FOR 'build'", stop)).Single().Rows.Single().EnumerateArray().Last().GetString()!;

    public Task CreateTablesAsync(CancellationToken stop) => SeriesAsync($"CREATE DATABASE {Database}", stop);

    public IRowSender OpenSender(TagSets tagSets) => new InfluxSender(_http, tagSets);

    public Task SettleAsync(TagSets tagSets, IReadOnlyList<int> seen, CancellationToken stop) => Quiet.UntilAsync(Process.Id, Idle, stop);

    public async Task<long> CountAsync(TruckTable table, CancellationToken stop)
    {
        var counts = await SeriesAsync($"SELECT count({table.Columns[0].Name}) FROM \"{table.Name}\"", stop);
        return counts.SingleOrDefault()?.Rows.Single()[1].GetInt64() ?? 0;
    }

    public async Task<IReadOnlyDictionary<string, long>> SizesAsync(CancellationToken stop) => new Dictionary<string, long>
    {
        ["data"] = await DiskUse.BytesBelowAsync(Path.Combine(_directory, "data"), stop),
        ["wal"] = await DiskUse.BytesBelowAsync(Path.Combine(_directory, "wal"), stop),
    };

    public bool IsTable(string kind) => true;

    public Task StopAsync() => Process.StopAsync();

    public string? WhyNot(Question question) => InfluxQl.WhyNot(question);

    public Action Prepare(Question question, Parameters parameters)
    {
        var query = InfluxQl.Of(question, parameters).Text;
        return _http.Prepare(QueryPath, Body(query), query);
    }

    public async Task<Answer> AskAsync(Question question, Parameters parameters, CancellationToken stop)
    {
        var query = InfluxQl.Of(question, parameters);
        return new Answer(query.Finish(await SeriesAsync(query.Text, stop)), question.Columns);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _http.Dispose();
    }

    private static FormUrlEncodedContent Body(string query) => new(new Dictionary<string, string> { ["q"] = query });

    private async Task<IEnumerable<InfluxSeries>> SeriesAsync(string query, CancellationToken stop)
    {
        using var body = Body(query);
        var bytes = await _http.PostAsync(QueryPath, body, query, stop);
        try
        {
            var result = JsonElement.Parse(bytes).GetProperty("results")[0];
            if (result.TryGetProperty("error", out var error)) throw new FaultException(Fault.Refused, $"{query}: {error}");
            return result.TryGetProperty("series", out var series) ? series.EnumerateArray().Select(static s => new InfluxSeries(s)) : [];
        }
        catch (JsonException e)
        {
            throw new FaultException(Fault.Unreadable, $"{query}: the answer is not JSON: {Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 500)))}", e);
        }
    }
}
