using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Millrace.SystemTests;

/// <summary>Answers of the real server while their queries run.</summary>
public sealed class QueryAnswerTests : IAsyncLifetime
{
    private MillraceProcess _server = null!;

    public async ValueTask InitializeAsync() => _server = await MillraceProcess.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_plan_is_shown_line_by_line()
    {
        var plan = await _server.CliAsync("query", "EXPLAIN SELECT count(*) FROM range(7)");
        Assert.Equal(0, plan.Code);
        Assert.True(plan.Output.Split('\n').Length > 5, plan.Output);
        Assert.DoesNotContain("\\n", plan.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    [InlineData("json")]
    public async Task A_long_answer_begins_before_its_query_ends_and_takes_no_memory(string format)
    {
        const int Rows = 2_000_000;
        await AskAsync("SELECT 1", "csv");
        var before = Memory();
        var clock = Stopwatch.StartNew();
        using var answer = await AskAsync($"SELECT x, repeat('y', 100) AS y FROM range({Rows}) r(x)", format, "none");
        await using var body = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[1 << 16];
        var (first, bytes, lines, most) = (TimeSpan.Zero, 0L, 0L, 0L);
        while (await body.ReadAsync(buffer) is var read and > 0)
        {
            if (bytes == 0) first = clock.Elapsed;
            bytes += read;
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
            if (bytes % 50 == 0) most = Math.Max(most, Memory());
        }

        Assert.True(bytes > Rows * 100L);
        Assert.True(first < clock.Elapsed / 3, $"the first byte came after {first}, the last after {clock.Elapsed}");
        Assert.True(most - before < 400L << 20, $"memory grew from {before} to {most} bytes");
        Assert.Equal(format switch { "csv" => Rows + 1, "jsonl" => Rows, _ => 0 }, lines);
    }

    [Fact]
    public async Task A_query_ends_when_nobody_waits_for_it_any_more()
    {
        using (var gone = new CancellationTokenSource())
        {
            var asked = _server.Http.PostAsJsonAsync("api/v1/query", new { sql = "SELECT count(*) FROM range(100000000000) a(x) WHERE hash(x) % 7 = 3" }, gone.Token);
            await Eventually.AsyncTrue(async () => await CpuOfAsync(TimeSpan.FromMilliseconds(500)) > 0.3, TimeSpan.FromSeconds(30), () => "the query does not run");
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        }

        await Eventually.AsyncTrue(async () => await CpuOfAsync(TimeSpan.FromSeconds(1)) < 0.3, TimeSpan.FromSeconds(20), () => "the query goes on");
    }

    [Fact]
    public async Task Who_reads_slowly_does_not_keep_others_from_asking()
    {
        var slow = new List<HttpResponseMessage>();
        try
        {
            // Their answers do not fit into what the network holds, and nobody takes them.
            for (var i = 0; i < 12; i++) slow.Add(await AskAsync("SELECT x, repeat('y', 1000) AS y FROM range(1000000) r(x)", "csv"));
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            using var answer = await _server.Http.PostAsJsonAsync("api/v1/query", new { sql = "SELECT 1" }, patience.Token);
            Assert.True(answer.IsSuccessStatusCode);
        }
        finally
        {
            foreach (var one in slow) one.Dispose();
        }
    }

    [Fact]
    public async Task A_name_of_WITH_opens_no_file()
    {
        var directory = Path.Combine(_server.Data, "reference");
        Directory.CreateDirectory(directory);
        var file = Path.Combine(directory, ".hidden.csv");
        await File.WriteAllTextAsync(file, "a\nSECRET\n");
        foreach (var sql in new[]
        {
            $"WITH \"{file}\" AS (SELECT * FROM \"{file}\") SELECT * FROM \"{file}\"",
            $"WITH a AS (SELECT * FROM \"{file}\"), \"{file}\" AS (SELECT 1) SELECT * FROM a",
            $"WITH RECURSIVE \"{file}\" AS (SELECT a FROM \"{file}\" UNION ALL SELECT a FROM \"{file}\" WHERE false) SELECT * FROM \"{file}\"",
        })
        {
            using var refused = await AskAsync(sql, "csv");
            Assert.Equal(400, (int)refused.StatusCode);
            Assert.DoesNotContain("SECRET", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_error_behind_rows_is_told_in_every_format()
    {
        const string Sql = "SELECT CASE WHEN x < 1900000 THEN x ELSE CAST('no number' AS BIGINT) END AS v, repeat('y', 50) AS y FROM range(2000000) r(x)";
        using var json = await AskAsync(Sql, "json", "none");
        using var told = JsonDocument.Parse(await json.Content.ReadAsStringAsync());
        Assert.Contains("no number", told.RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.False(told.RootElement.TryGetProperty("complete", out _));
        foreach (var format in new[] { "csv", "jsonl" })
        {
            using var answer = await AskAsync(Sql, format);
            var text = new StringBuilder();
            await Assert.ThrowsAnyAsync<HttpIOException>(async () =>
            {
                using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
                while (await reader.ReadLineAsync() is { } line) text.Clear().Append(line);
            });
            Assert.Contains("no number", text.ToString(), StringComparison.Ordinal);
            var ran = await _server.CliAsync("query", Sql, "--format", format, "--output", Path.Combine(_server.Data, "half"));
            Assert.Equal(1, ran.Code);
            Assert.Contains("no number", ran.Error, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(_server.Data, "half*"));
        }
    }

    [Fact]
    public async Task Formats_limits_and_mistakes_are_answered_as_asked()
    {
        Assert.Equal("a,b\n1,\"x,\"\"y\"\n", await (await AskAsync("SELECT 1 AS a, 'x,\"y' AS b", "csv")).Content.ReadAsStringAsync());
        Assert.Equal("{\"a\":1,\"a_2\":null}\n", await (await AskAsync("SELECT 1 AS a, NULL AS a", "jsonl")).Content.ReadAsStringAsync());
        var parquet = await (await AskAsync("SELECT 1 AS a", "parquet")).Content.ReadAsByteArrayAsync();
        Assert.Equal("PAR1"u8, parquet.AsSpan(0, 4));
        Assert.Empty(Directory.GetFiles(Path.Combine(_server.Data, "series", "answers")));

        using var accepted = new HttpRequestMessage(HttpMethod.Post, "api/v1/query") { Content = JsonContent.Create(new { sql = "SELECT 1 AS a" }) };
        accepted.Headers.TryAddWithoutValidation("Accept", "text/html, text/csv;q=0.9");
        using var csv = await _server.Http.SendAsync(accepted);
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);

        using var cut = await _server.Http.PostAsJsonAsync("api/v1/query?limit=3", new { sql = "SELECT x FROM range(10) r(x)" });
        using var cutJson = JsonDocument.Parse(await cut.Content.ReadAsStringAsync());
        Assert.True(cutJson.RootElement.GetProperty("truncated").GetBoolean());
        Assert.Equal(3, cutJson.RootElement.GetProperty("rows").GetArrayLength());
        foreach (var (format, limit, sql, word) in new[] { ("xml", "1", "SELECT 1", "format"), ("csv", "0", "SELECT 1", "limit"), ("csv", "many", "SELECT 1", "limit"), ("csv", "1", "SELECT nothing", "nothing"), ("parquet", "1", "SELECT nothing", "nothing") })
        {
            using var refused = await AskAsync(sql, format, limit);
            Assert.Equal(400, (int)refused.StatusCode);
            Assert.Contains(word, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var missing = await AskAsync("SELECT 1,\n  derivative_linear(create_time_series(time, v), 5m) FROM a.b", "json");
        using var error = JsonDocument.Parse(await missing.Content.ReadAsStringAsync());
        Assert.Equal((2, 3), (error.RootElement.GetProperty("error").GetProperty("line").GetInt32(), error.RootElement.GetProperty("error").GetProperty("column").GetInt32()));
    }

    private async Task<HttpResponseMessage> AskAsync(string sql, string format, string? limit = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/query") { Content = JsonContent.Create(new { sql, format, limit }) };
        return await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private long Memory()
    {
        using var process = Process.GetProcessById(_server.ProcessId);
        return process.WorkingSet64;
    }

    /// <summary>Seconds of CPU the server takes in each second.</summary>
    private async Task<double> CpuOfAsync(TimeSpan during)
    {
        using var process = Process.GetProcessById(_server.ProcessId);
        var before = process.TotalProcessorTime;
        await Task.Delay(during);
        process.Refresh();
        return (process.TotalProcessorTime - before) / during;
    }
}
