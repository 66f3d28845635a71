using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Millrace.Benchmarks.Stacks;

/// <summary>The benchmark's table through the query API.</summary>
internal sealed class MillraceTable(HttpClient http) : ITable
{
    public const string Name = "fleet.telemetry";

    public async Task<long> CountAsync(CancellationToken stop) => (await QueryAsync($"SELECT count(*) FROM {Name}", stop)).GetInt64();

    public async Task<long> NewestNsAsync(CancellationToken stop)
    {
        var value = await QueryAsync($"SELECT max(time) FROM {Name}", stop);
        return value.ValueKind == JsonValueKind.Null ? 0 : Timestamps.ParseNs(value.GetString()!);
    }

    /// <summary>The one value of a query that has one.</summary>
    private async Task<JsonElement> QueryAsync(string sql, CancellationToken stop)
    {
        using var body = JsonContent.Create(new JsonObject { ["sql"] = sql });
        var answer = await QueryHttp.PostAsync(http, "/api/v1/query", body, sql, stop);
        return answer.GetProperty("rows")[0][0];
    }
}
