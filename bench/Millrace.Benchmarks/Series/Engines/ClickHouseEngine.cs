using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Millrace.Benchmarks.Series.Data;
using Millrace.Benchmarks.Series.Questions;
using Millrace.Benchmarks.Stacks;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>ClickHouse: tables sorted by tag set and time, a partition a day, as it comes otherwise (LZ4).</summary>
internal sealed class ClickHouseEngine : IEngine
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly HttpBytes _http;

    public ChildProcess Process { get; }

    /// <summary>Each makes a part on disk.</summary>
    public int BatchRows => 100_000;

    private ClickHouseEngine(string directory, IPEndPoint[] servers)
    {
        _http = new HttpBytes(new Uri($"http://{servers[0]}"));
        var config = Path.Combine(directory, "config.xml");
        var users = Path.Combine(directory, "users.xml");
        File.WriteAllText(config, string.Create(CultureInfo.InvariantCulture, $"""
            <yandex>
              <logger><level>warning</level><console>1</console></logger>
              <listen_host>127.0.0.1</listen_host>
              <http_port>{servers[0].Port}</http_port>
              <tcp_port>{servers[1].Port}</tcp_port>
              <keep_alive_timeout>600</keep_alive_timeout>
              <path>{directory}/data/</path>
              <tmp_path>{directory}/tmp/</tmp_path>
              <users_config>{users}</users_config>
              <default_profile>default</default_profile>
              <default_database>default</default_database>
              <timezone>UTC</timezone>
              <mark_cache_size>536870912</mark_cache_size>
            </yandex>

            """));
        File.WriteAllText(users, """
            <yandex>
              <profiles><default><max_memory_usage>4000000000</max_memory_usage></default></profiles>
              <users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users>
              <quotas><default/></quotas>
            </yandex>

            """);
        Process = new ChildProcess("clickhouse-server", PeerPrograms.PathOf("clickhouse-server"), [$"--config-file={config}"]);
    }

    public static async Task<IEngine> StartAsync(string directory, CancellationToken stop)
    {
        var engine = new ClickHouseEngine(directory, Loopback.FreePorts(2));
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

    public async Task<string> VersionAsync(CancellationToken stop) => (await RowsAsync("SELECT version()", stop)).Single()[0].GetString()!;

    public async Task CreateTablesAsync(CancellationToken stop)
    {
        var tags = TagSets.Names.Select(static (name, i) => $"{name} Nullable({(i < TagSets.FirstNumber ? "String" : "Float64")})");
        await RunAsync($"CREATE TABLE tags (id UInt32, {string.Join(", ", tags)}) ENGINE = MergeTree ORDER BY id", stop);
        foreach (var table in TruckTable.All)
        {
            var columns = table.Columns.Select(static c => $"{c.Name} Nullable({(c.IsInteger ? "Int64" : "Float64")})");
            await RunAsync(
                $"CREATE TABLE {table.Name} (time DateTime, tags_id UInt32, {string.Join(", ", columns)}) "
                + "ENGINE = MergeTree PARTITION BY toYYYYMMDD(time) ORDER BY (tags_id, time)",
                stop);
        }
    }

    public IRowSender OpenSender(TagSets tagSets) => new ClickHouseSender(_http);

    public async Task SettleAsync(TagSets tagSets, IReadOnlyList<int> seen, CancellationToken stop)
    {
        var tags = new StringBuilder("INSERT INTO tags FORMAT TabSeparated\n");
        foreach (var set in seen) tags.Append(CultureInfo.InvariantCulture, $"{set}\t{string.Join('\t', tagSets.Values(set).Select(static v => v ?? "\\N"))}\n");
        await RunAsync(tags.ToString(), stop);
        foreach (var table in TruckTable.All) await RunAsync($"OPTIMIZE TABLE {table.Name} FINAL", stop);
    }

    public async Task<long> CountAsync(TruckTable table, CancellationToken stop) =>
        (long)Number((await RowsAsync($"SELECT count({table.Columns[0].Name}) FROM {table.Name}", stop)).Single()[0]);

    public async Task<IReadOnlyDictionary<string, long>> SizesAsync(CancellationToken stop) =>
        (await RowsAsync("SELECT table, sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'default' GROUP BY table", stop))
            .ToDictionary(static row => row[0].GetString()!, static row => (long)Number(row[1]));

    public bool IsTable(string kind) => true;

    public Task StopAsync() => Process.StopAsync();

    public string? WhyNot(Question question) => null;

    public Action Prepare(Question question, Parameters parameters)
    {
        var sql = ClickHouseSql.Of(question, parameters);
        return _http.Prepare("/", Body(sql + " FORMAT JSONCompact"), sql);
    }

    public async Task<Answer> AskAsync(Question question, Parameters parameters, CancellationToken stop)
    {
        var rows = await RowsAsync(ClickHouseSql.Of(question, parameters), stop);
        return new Answer(rows.Select(row => question.Columns.Select((kind, i) => Value(row[i], kind)).ToArray()), question.Columns);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _http.Dispose();
    }

    // Integers of 64 bits come as strings.
    private static double Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetDouble();

    private static object? Value(JsonElement value, ColumnKind kind) => kind switch
    {
        _ when value.ValueKind == JsonValueKind.Null => null,
        ColumnKind.Text => value.GetString(),
        ColumnKind.Time when value.ValueKind == JsonValueKind.String && value.GetString()!.Contains('-', StringComparison.Ordinal) =>
            Timestamps.ParseNs(value.GetString()!) / 1_000_000_000,
        ColumnKind.Time => (long)Number(value),
        _ => Number(value),
    };

    private static StringContent Body(string sql) => new(sql, Encoding.UTF8);

    private async Task RunAsync(string sql, CancellationToken stop)
    {
        using var body = Body(sql);
        await _http.PostAsync("/", body, sql.Length > 1000 ? sql[..1000] : sql, stop);
    }

    private async Task<IEnumerable<JsonElement>> RowsAsync(string sql, CancellationToken stop)
    {
        using var body = Body(sql + " FORMAT JSONCompact");
        var bytes = await _http.PostAsync("/", body, sql, stop);
        try
        {
            return JsonElement.Parse(bytes).GetProperty("data").EnumerateArray();
        }
        catch (JsonException e)
        {
            throw new FaultException(Fault.Unreadable, $"{sql}: the answer is not JSON: {Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 500)))}", e);
        }
    }
}
