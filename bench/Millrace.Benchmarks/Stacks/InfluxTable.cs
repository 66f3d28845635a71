using System.Net;
using System.Text.Json;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Stacks;

/// <summary>The measurement the bridge writes, through InfluxDB 1.x's HTTP interface.</summary>
internal sealed class InfluxTable(IPEndPoint server) : ITable, IDisposable
{
    public const string Database = "bench";

    private readonly HttpClient _http = new() { BaseAddress = new Uri($"http://{server}"), Timeout = TimeSpan.FromSeconds(30) };

    public async Task<bool> IsReadyAsync(CancellationToken stop)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("/ping", UriKind.Relative), stop);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }

    public Task CreateAsync(CancellationToken stop) => QueryAsync($"CREATE DATABASE {Database}", stop);

    public async Task<long> CountAsync(CancellationToken stop) => Value(await QueryAsync("SELECT count(value) FROM telemetry", stop), column: 1);

    public async Task<long> NewestNsAsync(CancellationToken stop) => Value(await QueryAsync("SELECT last(value) FROM telemetry", stop), column: 0);

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> QueryAsync(string query, CancellationToken stop)
    {
        using var body = new FormUrlEncodedContent(new Dictionary<string, string> { ["q"] = query });
        var answer = await QueryHttp.PostAsync(_http, $"/query?db={Database}&epoch=ns", body, query, stop);
        var result = answer.GetProperty("results")[0];
        return result.TryGetProperty("error", out var error) ? throw new FaultException(Fault.Refused, $"{query}: {error}") : result;
    }

    private static long Value(JsonElement result, int column) =>
        result.TryGetProperty("series", out var series) ? series[0].GetProperty("values")[0][column].GetInt64() : 0;
}
