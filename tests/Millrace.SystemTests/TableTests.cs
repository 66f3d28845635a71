using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Millrace.SystemTests;

/// <summary>Tables that are made, written to, changed and deleted over HTTP and by the command line, with kills between.</summary>
public sealed class TableTests
{
    private const int Parts = 20;
    private const int RowsOfPart = 5000;

    [Fact]
    public async Task A_table_is_made_written_altered_and_deleted_and_no_kill_undoes_it()
    {
        await using var server = await MillraceProcess.StartAsync();
        await CliAsync(server, "table", "create", "fleet.readings", "--dimensions", "vin", "--measures", "n:bigint", "--retention", "30d");
        var now = Now;
        Assert.Equal((HttpStatusCode.OK, 1), await WriteAsync(server, "a", 1, now));
        Assert.Equal(((HttpStatusCode)419, 0), await WriteAsync(server, "a", 2, now));
        Assert.Equal(((HttpStatusCode)419, 0), await WriteAsync(server, "a", 3, now - (31L * 86_400_000)));

        await server.KillAsync();
        await server.StartAgainAsync();
        Assert.Equal(1, await server.CountAsync("SELECT count(*) FROM fleet.readings"));
        Assert.Contains("retention        30d", (await CliAsync(server, "table", "describe", "fleet.readings")).Output, StringComparison.Ordinal);
        await CliAsync(server, "table", "alter", "fleet.readings", "--magnetic-writes", "false", "--memory-retention", "1h");
        await server.KillAsync();
        await server.StartAgainAsync();
        Assert.Equal(((HttpStatusCode)419, 0), await WriteAsync(server, "a", 4, Now - (2L * 3_600_000)));
        Assert.Contains("magneticWrites   false", (await CliAsync(server, "table", "describe", "fleet.readings")).Output, StringComparison.Ordinal);

        await CliAsync(server, "table", "delete", "fleet.readings");
        await server.KillAsync();
        await server.StartAgainAsync();
        Assert.Equal(-1, await server.CountAsync("SELECT count(*) FROM fleet.readings"));
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync("api/v1/databases/fleet/tables/readings")).StatusCode);
        Assert.Equal((HttpStatusCode.OK, 1), await WriteAsync(server, "b", 5, Now));
        Assert.Equal(1, await server.CountAsync("SELECT count(*) FROM fleet.readings"));
    }

    [Fact]
    public async Task A_shorter_retention_hides_rows_at_once_and_drops_their_files_for_good()
    {
        await using var server = await MillraceProcess.StartAsync(null, null, "--series-move-age", "1s");
        for (var day = 0; day < 3; day++) Assert.Equal((HttpStatusCode.OK, 1), await WriteAsync(server, "a", day, Now - (day * 86_400_000L) - 1));
        await Eventually.AsyncTrue(() => Task.FromResult(BlockFiles(server) == 3), TimeSpan.FromSeconds(30), () => $"{BlockFiles(server)} files\n{server.Output}");
        await CliAsync(server, "table", "alter", "fleet.readings", "--retention", "36h");
        Assert.Equal(2, await server.CountAsync("SELECT count(*) FROM fleet.readings"));
        await Eventually.AsyncTrue(() => Task.FromResult(BlockFiles(server) == 2), TimeSpan.FromSeconds(90), () => $"{BlockFiles(server)} files\n{server.Output}");

        await server.KillAsync();
        await server.StartAgainAsync();
        Assert.Equal(2, await server.CountAsync("SELECT count(*) FROM fleet.readings"));
        await CliAsync(server, "table", "alter", "fleet.readings", "--retention", "forever");
        Assert.Equal(2, await server.CountAsync("SELECT count(*) FROM fleet.readings"));
    }

    [Fact]
    public async Task A_table_that_a_flow_fills_is_deleted_by_force_and_filled_by_what_comes_after()
    {
        await using var server = await MillraceProcess.StartAsync("""
            flows:
              into: { sql: "SELECT * FROM 'dt/#'", to: { series: { table: fleet.telemetry, measures: all, measureName: all } } }
            """);
        await server.PublishAsync("dt/a", """{"speed":1}""");
        await Eventually.Equal(1L, () => server.CountAsync("SELECT count(*) FROM fleet.telemetry"));
        var refused = await server.CliAsync("table", "delete", "fleet.telemetry");
        Assert.Equal(2, refused.Code);
        Assert.Contains("into writes to fleet.telemetry", refused.Error, StringComparison.Ordinal);
        await CliAsync(server, "table", "delete", "fleet.telemetry", "--force");
        await server.KillAsync();
        await server.StartAgainAsync();
        await server.PublishAsync("dt/a", """{"speed":2}""");
        await Eventually.Equal(1L, () => server.CountAsync("SELECT count(*) FROM fleet.telemetry"));
        Assert.Equal(2, (await server.QueryAsync("SELECT speed FROM fleet.telemetry"))[0][0].GetDouble());
    }

    [Fact]
    public async Task What_was_answered_is_there_once_though_the_server_is_killed_while_it_is_loaded()
    {
        await using var server = await MillraceProcess.StartAsync();
        var random = new Random(5);
        for (var part = 0; part < Parts; part++)
        {
            // Some parts are killed at a random moment, and sent again until they are answered.
            var kill = part % 4 == 1 ? KillSoonAsync(server, random.Next(1, 60)) : Task.CompletedTask;
            while (!await LoadAsync(server, part)) await kill;
            await kill;
        }

        Assert.Equal(Parts * RowsOfPart, await server.CountAsync("SELECT count(*) FROM bench.readings"));
        Assert.Equal(Parts * RowsOfPart, await server.CountAsync("SELECT count(DISTINCT n) FROM bench.readings"));
    }

    [Fact]
    public async Task Requests_that_cannot_be_understood_are_refused_in_words()
    {
        await using var server = await MillraceProcess.StartAsync();
        foreach (var (path, type, body, why) in ((string, string, string, string)[])
        [
            ("write", "application/json", "{", "the body is not JSON"),
            ("write", "application/json", "{}", "DatabaseName is missing"),
            ("write", "text/csv", "a,b\n", "table must be database.table"),
            ("write?table=a.b", "text/csv", "", "the body is empty"),
            ("write?table=a.b", "text/csv", "time,x\n1,2\n", "there is no table a.b yet"),
        ])
        {
            using var content = new StringContent(body, Encoding.UTF8, type);
            using var answer = await server.Http.PostAsync($"api/v1/{path}", content);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains(why, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        foreach (var (body, why) in ((string, string)[])
        [
            ("""{"retenton":"1d"}""", "retenton is no option of a table; did you mean retention?"),
            ("""{"retention":0}""", "retention: has a value of another kind"),
            ("[]", "the body must be a JSON object"),
            ("{\"retention\":", "the body is not JSON (line 1, byte 14)"),
            ("""{"retention":"tomorrow"}""", "retention: must be a time such as"),
        ])
        {
            using var content = new StringContent(body);
            using var refused = await server.Http.PutAsync("api/v1/databases/a/tables/b", content);
            var said = JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("message").GetString();
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains(why, said, StringComparison.Ordinal);
            Assert.DoesNotContain("Millrace.", said, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("health/ready")).StatusCode);
    }

    private static int BlockFiles(MillraceProcess server) =>
        Directory.Exists(Path.Combine(server.Data, "series/tables")) ? Directory.EnumerateFiles(Path.Combine(server.Data, "series/tables"), "*.blocks", SearchOption.AllDirectories).Count() : 0;

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static async Task<Ran> CliAsync(MillraceProcess server, params string[] arguments)
    {
        var ran = await server.CliAsync(arguments);
        Assert.True(ran.Code == 0, ran.Error);
        return ran;
    }

    private static async Task<(HttpStatusCode Status, int Total)> WriteAsync(MillraceProcess server, string vin, int value, long timeMs)
    {
        using var body = new StringContent(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"DatabaseName":"fleet","TableName":"readings","Records":[{"Dimensions":[{"Name":"vin","Value":"{{vin}}"}],"MeasureName":"n","MeasureValueType":"BIGINT","MeasureValue":"{{value}}","Time":"{{timeMs}}"}]}"""));
        using var answer = await server.Http.PostAsync("api/v1/write", body);
        var ingested = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("RecordsIngested");
        return (answer.StatusCode, ingested.GetProperty("Total").GetInt32());
    }

    private static async Task<bool> LoadAsync(MillraceProcess server, int part)
    {
        var text = new StringBuilder("time,name,n\n");
        for (var i = 0; i < RowsOfPart; i++) text.Append(CultureInfo.InvariantCulture, $"{1_700_000_000_000 + (part * RowsOfPart) + i},truck_{i % 50},{(part * RowsOfPart) + i}\n");
        using var body = new StringContent(text.ToString(), Encoding.UTF8, "text/csv");
        try
        {
            using var answer = await server.Http.PostAsync("api/v1/write?table=bench.readings&dimensions=name", body);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task KillSoonAsync(MillraceProcess server, int milliseconds)
    {
        await Task.Delay(milliseconds);
        await server.KillAsync();
        await server.StartAgainAsync();
    }
}
