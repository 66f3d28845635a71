using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Millrace.Benchmarks.Stacks;

/// <summary>The benchmark's table through the query API.</summary>
internal sealed class MillraceTable(HttpClient http) : ITable
{
    public const string Name = "fleet.telemetry";

    public async Task<long> CountAsync(CancellationToken stop) => (await QueryAsync($"SELECT count(*) FROM {Name}", stop))[0][0].GetInt64();

    public async Task<IReadOnlyList<CarRow>> RowsAfterAsync(IReadOnlyList<string> cars, long afterNs, CancellationToken stop)
    {
        var vins = string.Join(", ", cars.Select(static car => $"'{car}'"));
        var rows = await QueryAsync($"SELECT vin, time FROM {Name} WHERE vin IN ({vins}) AND time > '{Timestamps.Write(afterNs)}'", stop);
        return [.. rows.EnumerateArray().Select(static row => new CarRow(row[0].GetString()!, Timestamps.ParseNs(row[1].GetString()!)))];
    }

    /// <returns>The rows.</returns>
    private async Task<JsonElement> QueryAsync(string sql, CancellationToken stop)
    {
        using var body = JsonContent.Create(new JsonObject { ["sql"] = sql });
        var answer = await QueryHttp.PostAsync(http, "/api/v1/query", body, sql, stop);
        return answer.GetProperty("rows");
    }
}
