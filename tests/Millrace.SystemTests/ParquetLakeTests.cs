using System.Text.Json;

namespace Millrace.SystemTests;

/// <summary>A lake of Parquet files, from MQTT to the readers of others.</summary>
public sealed class ParquetLakeTests
{
    private const string Pipeline = """
        flows:
          telemetry:
            sql: SELECT * FROM 'dt/cars/+'
            to: { lake: { stream: telemetry, format: parquet, columns: { speed: double }, bufferTime: 1s } }
        """;

    [Fact]
    public async Task Arrow_and_others_read_what_devices_sent_and_queries_find_it()
    {
        await using var server = await MillraceProcess.StartAsync(Pipeline);
        for (var i = 0; i < 100; i++) await PublishAsync(server, $$$"""{"vin":"car{{{i % 5}}}","speed":{{{i}}},"n":{{{i}}},"on":{{{(i % 2 == 0 ? "true" : "false")}}},"place":{"lat":{{{i}}}.5}}""");
        await PublishAsync(server, "no JSON at all");
        await PublishAsync(server, """{"vin":"cär6","n":null}""");
        await Eventually.AsyncTrue(() => Task.FromResult(Files(server).Length > 0), TimeSpan.FromSeconds(30), () => $"no file came:\n{server.Output}");
        await Eventually.Equal("101", async () => (await server.QueryAsync("SELECT count(*) FROM lake.telemetry"))[0][0].ToString());
        Assert.Equal("4950", (await server.QueryAsync("SELECT sum(n) FROM lake.telemetry"))[0][0].ToString());
        Assert.Equal("20", (await server.QueryAsync("SELECT count(*) FROM lake.telemetry WHERE vin = 'car3' AND CAST(place->>'lat' AS DOUBLE) > speed"))[0][0].ToString());

        var rows = new List<JsonElement>();
        foreach (var path in Files(server))
        {
            var read = await Commands.RunAsync("node", [Scratch.Repository("tests/Millrace.SystemTests/npm/parquet.mjs"), path]);
            Assert.True(read.Code == 0, read.Error);
            using var json = JsonDocument.Parse(read.Output);
            var (arrow, others) = (json.RootElement.GetProperty("arrow"), json.RootElement.GetProperty("hyparquet").GetProperty("rows"));
            Assert.Equal("speed Float64", arrow.GetProperty("schema")[0].GetString());
            Assert.True(JsonElement.DeepEquals(arrow.GetProperty("rows"), others), $"Arrow and hyparquet do not read the same from {path}");
            rows.AddRange(others.EnumerateArray().Select(static row => row.Clone()));
        }

        Assert.Equal(101, rows.Count);
        Assert.Equal(4950, rows.Sum(static row => row.GetProperty("n") is { ValueKind: JsonValueKind.Number } n ? n.GetInt32() : 0));
        Assert.Contains(rows, static row => row.GetProperty("vin").GetString() == "cär6" && row.GetProperty("speed").ValueKind == JsonValueKind.Null);
        var letters = await server.GetAsync("api/v1/dead-letters");
        Assert.Contains("not JSON", letters.ToString(), StringComparison.Ordinal);
    }

    private static string[] Files(MillraceProcess server) =>
        Path.Combine(server.Data, "lake", "raw") is var lake && Directory.Exists(lake) ? Directory.GetFiles(lake, "*.parquet", SearchOption.AllDirectories) : [];

    private static async Task PublishAsync(MillraceProcess server, string payload)
    {
        using var answer = await server.Http.PostAsync("topics/dt/cars/1?qos=1", new StringContent(payload));
        answer.EnsureSuccessStatusCode();
    }
}
