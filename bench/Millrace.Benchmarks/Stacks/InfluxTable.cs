using System.Globalization;
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

    public async Task<long> CountAsync(CancellationToken stop) =>
        Rows(await QueryAsync("SELECT count(value) FROM telemetry", stop)) is [var only, ..] ? only[1].GetInt64() : 0;

    public async Task<IReadOnlyList<CarRow>> RowsAfterAsync(IReadOnlyList<string> cars, long afterNs, CancellationToken stop)
    {
        var vins = string.Join(" OR ", cars.Select(static car => $"vin = '{car}'"));
        var answer = await QueryAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT vin, value FROM telemetry WHERE ({vins}) AND time > {afterNs}"), stop);
        return [.. Rows(answer).Select(static row => new CarRow(row[1].GetString()!, row[0].GetInt64()))];
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> QueryAsync(string query, CancellationToken stop)
    {
        using var body = new FormUrlEncodedContent(new Dictionary<string, string> { ["q"] = query });
        var answer = await QueryHttp.PostAsync(_http, $"/query?db={Database}&epoch=ns", body, query, stop);
        var result = answer.GetProperty("results")[0];
        return result.TryGetProperty("error", out var error) ? throw new FaultException(Fault.Refused, $"{query}: {error}") : result;
    }

    private static List<JsonElement> Rows(JsonElement result) =>
        result.TryGetProperty("series", out var series) ? [.. series[0].GetProperty("values").EnumerateArray()] : [];
}
