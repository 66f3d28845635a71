using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Benchmarks.Series.Data;
using Millrace.Benchmarks.Series.Questions;
using Millrace.Benchmarks.Stacks;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>This repository's server, as it comes: all that is asked and sent goes over HTTP.</summary>
internal sealed class MillraceEngine : IEngine
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MoveLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    private readonly HttpBytes _http;
    private readonly string _data;

    public ChildProcess Process { get; }

    public int BatchRows => 20_000;

    private MillraceEngine(string program, string directory)
    {
        _data = Path.Combine(directory, "data");
        var pipeline = Path.Combine(directory, "pipeline.yaml");
        File.WriteAllText(pipeline, Tables());
        var ports = Loopback.FreePorts(2);
        _http = new HttpBytes(new Uri($"http://{ports[1]}"));
        Process = new ChildProcess(
            "millrace", Environment.ProcessPath!, [program, "serve", "--data", _data, "--mqtt", $"{ports[0]}", "--http", $"{ports[1]}", "--pipeline", pipeline, "--series-move-age", "20s"]);
    }

    /// <param name="program">millrace.dll.</param>
    /// <param name="directory">With the data of an earlier start, or without.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<IEngine> StartAsync(string program, string directory, CancellationToken stop)
    {
        var engine = new MillraceEngine(program, directory);
        try
        {
            await engine.Process.UntilAsync(() => engine._http.AnswersAsync("/health/ready", stop), StartLimit, stop);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <remarks>It is what is here.</remarks>
    public Task<string> VersionAsync(CancellationToken stop) => Task.FromResult("");

    /// <remarks>The pipeline file has declared them.</remarks>
    public Task CreateTablesAsync(CancellationToken stop) => Task.CompletedTask;

    public IRowSender OpenSender(TagSets tagSets) => new MillraceSender(_http, tagSets);

    /// <summary>Until all rows are in files, which takes minutes where they are few, and files are merged.</summary>
    public async Task SettleAsync(TagSets tagSets, IReadOnlyList<int> seen, CancellationToken stop)
    {
        var since = Stopwatch.StartNew();
        while (await HotRowsAsync(stop) > 0)
        {
            if (since.Elapsed > MoveLimit) throw new FaultException(Fault.Unavailable, $"rows are still in memory after {MoveLimit.TotalMinutes:0} minutes");
            await Task.Delay(Look, stop);
        }

        await Quiet.UntilAsync(Process.Id, Idle, stop);
    }

    public async Task<long> CountAsync(TruckTable table, CancellationToken stop) =>
        (await RowsAsync($"SELECT count({table.Columns[0].Name}) FROM iot.{table.Name}", stop)).Single()[0].GetInt64();

    public Task<IReadOnlyDictionary<string, long>> SizesAsync(CancellationToken stop) => Task.FromResult(ScratchDirectory.SizesBelow(_data));

    public bool IsTable(string kind) => kind == "series";

    public Task StopAsync() => Process.StopAsync();

    public string? WhyNot(Question question) => null;

    public Action Prepare(Question question, Parameters parameters)
    {
        var sql = MillraceSql.Of(question, parameters);
        return _http.Prepare("/api/v1/query", Body(sql), sql);
    }

    public async Task<Answer> AskAsync(Question question, Parameters parameters, CancellationToken stop)
    {
        var rows = await RowsAsync(MillraceSql.Of(question, parameters), stop);
        return new Answer(rows.Select(row => question.Columns.Select((kind, i) => Value(row[i], kind)).ToArray()), question.Columns);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _http.Dispose();
    }

    private static string Tables()
    {
        var text = new StringBuilder("tables:\n");
        foreach (var table in TruckTable.All)
        {
            text.Append($"  iot.{table.Name}:\n    dimensions: [{string.Join(", ", TagSets.Names)}]\n    measures: {{ ");
            text.AppendJoin(", ", table.Columns.Select(static c => $"{c.Name}: {(c.IsInteger ? "bigint" : "double")}")).Append(" }\n");
        }

        return text.ToString();
    }

    private static object? Value(JsonElement value, ColumnKind kind) => kind switch
    {
        _ when value.ValueKind == JsonValueKind.Null => null,
        ColumnKind.Text => value.GetString(),
        ColumnKind.Time => Timestamps.ParseNs(value.GetString()!) / 1_000_000_000,
        _ => value.GetDouble(),
    };

    private static StringContent Body(string sql) => new(
        new JsonObject { ["sql"] = sql }.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), Encoding.UTF8, "application/json");

    private async Task<long> HotRowsAsync(CancellationToken stop)
    {
        const string Start = "millrace_series_hot_rows ";
        var metrics = await _http.GetAsync("/metrics", stop);
        var line = metrics.Split('\n').FirstOrDefault(static l => l.StartsWith(Start, StringComparison.Ordinal))
            ?? throw new FaultException(Fault.Unreadable, $"/metrics has no line that begins with {Start}");
        return long.Parse(line[Start.Length..], CultureInfo.InvariantCulture);
    }

    private async Task<IEnumerable<JsonElement>> RowsAsync(string sql, CancellationToken stop)
    {
        using var body = Body(sql);
        var bytes = await _http.PostAsync("/api/v1/query", body, sql, stop);
        try
        {
            var answer = JsonElement.Parse(bytes);
            if (answer.TryGetProperty("truncated", out var truncated) && truncated.ValueKind == JsonValueKind.True)
                throw new FaultException(Fault.Refused, $"{sql}: the answer was cut");
            return answer.GetProperty("rows").EnumerateArray();
        }
        catch (JsonException e)
        {
            throw new FaultException(Fault.Unreadable, $"{sql}: the answer is not JSON", e);
        }
    }
}
