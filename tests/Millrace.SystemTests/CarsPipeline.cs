using System.Text.Json;

namespace Millrace.SystemTests;

/// <summary>One flow into a table and one into the lake, and what their books must say in the end.</summary>
public static class CarsPipeline
{
    public const string Text = """
        tables:
          fleet.telemetry: { dimensions: [vin, trip_id] }
        flows:
          telemetry:
            sql: SELECT * FROM 'dt/cars/+/telemetry'
            to:
              series:
                table: fleet.telemetry
                dimensions: [vin, trip_id]
                measure: { name: name, value: value }
                time: { field: timestamp }
          raw:
            sql: SELECT * FROM 'dt/cars/#'
            to: { lake: { stream: cars, bufferTime: 1s } }

        """;

    /// <summary>Every row of every device is in the table once, every logged message in the lake once, and the ledger says the same.</summary>
    /// <param name="server">It may still be working on the last messages.</param>
    /// <param name="devices">How many published.</param>
    /// <param name="rows">Acknowledged rows of each.</param>
    /// <param name="unreadable">Messages that must have become dead letters.</param>
    /// <param name="conflicting">Messages that the table must have refused.</param>
    public static async Task AssertBooksAsync(MillraceProcess server, int devices, int rows, long unreadable = 0, long conflicting = 0)
    {
        var total = (long)devices * rows;
        await Eventually.Equal(total, () => server.CountAsync("SELECT count(*) FROM fleet.telemetry"), seconds: 60);
        Assert.Equal(total, await server.CountAsync("SELECT count(*) FROM (SELECT DISTINCT vin, time FROM fleet.telemetry)"));
        Assert.Equal(0, await server.CountAsync($"SELECT count(*) FROM (SELECT vin FROM fleet.telemetry GROUP BY vin HAVING count(*) <> {rows})"));
        await Eventually.Equal(0, async () => Messages(await server.FlowAsync("telemetry"))("waiting"), seconds: 60);

        var ledger = await server.GetAsync("api/v1/ledger");
        Assert.True(ledger.GetProperty("balanced").GetBoolean(), ledger.ToString());
        var logged = ledger.GetProperty("log").GetProperty("records").GetInt64();
        var telemetry = Messages(await server.FlowAsync("telemetry"));
        Assert.Equal(total, telemetry("stored"));
        Assert.Equal(logged, telemetry("matched"));
        Assert.Equal(unreadable, telemetry("deadLettered"));
        Assert.Equal(conflicting, telemetry("rejected"));
        Assert.Equal(logged - total - unreadable - conflicting, telemetry("absorbed"));
        await Eventually.Equal(logged, () => Task.FromResult((long)Lake.Lines(server.Data, "cars").Count), seconds: 60);
        Assert.Equal(0, (await server.CliAsync("ledger")).Code);
    }

    private static Func<string, long> Messages(JsonElement flow) => name => flow.GetProperty("messages").GetProperty(name).GetInt64();
}
