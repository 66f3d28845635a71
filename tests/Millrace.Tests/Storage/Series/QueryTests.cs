using System.Text;
using System.Text.Json;
using Millrace.Storage.Series;
using Millrace.Storage.Series.Query;

namespace Millrace.Tests.Storage.Series;

/// <summary>What queries answer, and what they may not do.</summary>
public sealed class QueryTests : IDisposable
{
    private const long Now = SeriesRig.Now;

    private readonly SeriesRig _rig = new();

    public QueryTests()
    {
        _rig.Write(Enumerable.Range(0, 100).Select(static i => SeriesRig.Speed($"car{i % 10}", i, Now - (100 * SeriesRig.Second) + (i * SeriesRig.Second))));
    }

    public void Dispose() => _rig.Dispose();

    /// <summary>Everything here would read files, settings or the catalog, change something, or run text as SQL.</summary>
    [Theory]
    [InlineData("COPY (SELECT 1) TO '/tmp/millrace-hostile.csv'")]
    [InlineData("COPY fleet.telemetry FROM '/etc/passwd'")]
    [InlineData("ATTACH '/tmp/millrace-hostile.db'")]
    [InlineData("DETACH memory")]
    [InlineData("USE memory")]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM read_csv_auto('/etc/passwd')")]
    [InlineData("SELECT * FROM '/etc/passwd'")]
    [InlineData("FROM '/etc/passwd'")]
    [InlineData("SELECT * FROM \"/etc/passwd\"")]
    [InlineData("SELECT * FROM 'series/manifest.json'")]
    [InlineData("SELECT * FROM read_text('/etc/passwd')")]
    [InlineData("SELECT * FROM read_blob('/etc/passwd')")]
    [InlineData("SELECT * FROM read_json('/etc/passwd')")]
    [InlineData("SELECT * FROM read_parquet('/etc/passwd')")]
    [InlineData("SELECT * FROM parquet_metadata('/etc/passwd')")]
    [InlineData("SELECT * FROM sniff_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM read_duckdb('/etc/passwd')")]
    [InlineData("SELECT * FROM glob('/etc/*')")]
    [InlineData("SELECT (SELECT content FROM read_text('/etc/passwd'))")]
    [InlineData("SELECT 1 WHERE EXISTS (FROM read_text('/etc/passwd'))")]
    [InlineData("WITH x AS (FROM glob('/*')) SELECT * FROM x")]
    [InlineData("SELECT 1 UNION ALL SELECT count(*) FROM glob('/*')")]
    [InlineData("SELECT * FROM fleet.telemetry, LATERAL (FROM glob(vin)) g")]
    [InlineData("WITH \"/etc/passwd\" AS (SELECT * FROM \"/etc/passwd\") SELECT * FROM \"/etc/passwd\"")]
    [InlineData("WITH a AS (SELECT * FROM \"/etc/passwd\"), \"/etc/passwd\" AS (SELECT 1) SELECT * FROM a")]
    [InlineData("WITH a AS (SELECT * FROM sqlite_master), sqlite_master AS (SELECT 1) SELECT * FROM a")]
    [InlineData("WITH duckdb_tables AS (SELECT * FROM duckdb_tables) SELECT * FROM duckdb_tables")]
    [InlineData("WITH RECURSIVE duckdb_tables AS (SELECT * FROM duckdb_tables) SELECT * FROM duckdb_tables")]
    [InlineData("WITH RECURSIVE duckdb_views AS (SELECT view_name AS x FROM duckdb_views UNION ALL SELECT x FROM duckdb_views WHERE false) SELECT * FROM duckdb_views")]
    [InlineData("SELECT * FROM (WITH sqlite_master AS (SELECT 1) SELECT * FROM sqlite_master), sqlite_master")]
    [InlineData("SELECT getenv('HOME')")]
    [InlineData("SELECT current_setting('temp_directory')")]
    [InlineData("SELECT getvariable('x')")]
    [InlineData("SELECT write_log('x')")]
    [InlineData("SELECT sleep_ms(100000)")]
    [InlineData("SELECT nextval('x')")]
    [InlineData("SET memory_limit = '100GB'")]
    [InlineData("SET VARIABLE x = 1")]
    [InlineData("RESET memory_limit")]
    [InlineData("PRAGMA database_list")]
    [InlineData("PRAGMA enable_profiling")]
    [InlineData("CALL pragma_version()")]
    [InlineData("CALL force_checkpoint()")]
    [InlineData("CHECKPOINT")]
    [InlineData("VACUUM")]
    [InlineData("INSTALL httpfs")]
    [InlineData("LOAD httpfs")]
    [InlineData("BEGIN")]
    [InlineData("CREATE TABLE x (a INTEGER)")]
    [InlineData("CREATE TEMP TABLE x AS SELECT 1")]
    [InlineData("CREATE MACRO x() AS 1")]
    [InlineData("CREATE OR REPLACE VIEW fleet.telemetry AS SELECT 1")]
    [InlineData("CREATE SECRET x (TYPE s3)")]
    [InlineData("DROP VIEW fleet.telemetry")]
    [InlineData("DROP SCHEMA fleet CASCADE")]
    [InlineData("ALTER VIEW fleet.telemetry RENAME TO x")]
    [InlineData("INSERT INTO fleet.telemetry VALUES (1)")]
    [InlineData("UPDATE \"~store\".hot_1_1 SET double = 0")]
    [InlineData("DELETE FROM \"~store\".hot_1_1")]
    [InlineData("TRUNCATE \"~store\".hot_1_1")]
    [InlineData("EXPORT DATABASE '/tmp/millrace-hostile'")]
    [InlineData("IMPORT DATABASE '/tmp/millrace-hostile'")]
    [InlineData("PREPARE x AS SELECT 1")]
    [InlineData("EXECUTE x")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("SELECT 1; DROP VIEW fleet.telemetry")]
    [InlineData("EXPLAIN DELETE FROM \"~store\".hot_1_1")]
    [InlineData("EXPLAIN ANALYZE DELETE FROM \"~store\".hot_1_1")]
    [InlineData("EXPLAIN EXPLAIN SELECT 1")]
    [InlineData("EXPLAIN (FORMAT json) SELECT 1")]
    [InlineData("SELECT * FROM query('SELECT 1')")]
    [InlineData("SELECT * FROM query_table('fleet.telemetry')")]
    [InlineData("SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))")]
    [InlineData("SELECT json_serialize_sql('SELECT 1')")]
    [InlineData("SELECT * FROM sql_auto_complete('SEL')")]
    [InlineData("SELECT * FROM duckdb_settings()")]
    [InlineData("SELECT * FROM duckdb_secrets()")]
    [InlineData("SELECT * FROM duckdb_tables()")]
    [InlineData("SELECT * FROM duckdb_tables")]
    [InlineData("SELECT * FROM information_schema.tables")]
    [InlineData("SELECT * FROM pg_catalog.pg_class")]
    [InlineData("SELECT * FROM sqlite_master")]
    [InlineData("SELECT * FROM \"~store\".hot_1_1")]
    [InlineData("SELECT * FROM \"~store\".series_1")]
    [InlineData("SELECT * FROM memory.\"~store\".series_1")]
    [InlineData("SELECT * FROM hot_1_1")]
    [InlineData("SELECT * FROM arrow_scan(1, 2, 3)")]
    [InlineData("SELECT * FROM seq_scan('x')")]
    [InlineData("SELECT * FROM pragma_table_info('fleet.telemetry')")]
    [InlineData("SELECT * FROM which_secret('x', 's3')")]
    [InlineData("SELECT * FROM test_all_types()")]
    [InlineData("DESCRIBE fleet.telemetry")]
    [InlineData("SHOW TABLES")]
    [InlineData("SUMMARIZE fleet.telemetry")]
    [InlineData("FROM (DESCRIBE fleet.telemetry)")]
    [InlineData("FROM (SHOW ALL TABLES)")]
    [InlineData("SELECT $1")]
    [InlineData("SELECT ?")]
    [InlineData("SELECT length(system.main.repeat('x', 1000000000))")]
    [InlineData("SELECT length(main.repeat('x', 1000000000))")]
    [InlineData("SELECT printf('%1000000000d', 1)")]
    [InlineData("SELECT format('{:>1000000000}', 'x')")]
    [InlineData("SELECT format('{:>{}}', 'x', 1000000000)")]
    [InlineData("SELECT printf('%*d', 1000000000, 1)")]
    [InlineData("SELECT format(vin, 1) FROM fleet.telemetry")]
    [InlineData("SELECT list_transform([1, 2], x -> range(100000))")]
    public async Task Hostile_statements_are_refused(string sql)
    {
        var refused = await _rig.RefusedAsync(sql);
        Assert.Contains(refused.Error, new[] { QueryError.Refused, QueryError.NotFound, QueryError.Syntax });
        Assert.NotEmpty(refused.Message);
        Assert.Equal(100, await _rig.CountAsync());
    }

    [Theory]
    [InlineData("SELECT length(repeat('x', 10000000000))")]
    [InlineData("SELECT len(range(1000000000))")]
    [InlineData("SELECT len(generate_series(1, 1000000000))")]
    [InlineData("SELECT len(range(0, 1000000000, 2))")]
    [InlineData("SELECT len(range(TIMESTAMP '2000-01-01', TIMESTAMP '2030-01-01', INTERVAL 1 SECOND))")]
    [InlineData("SELECT lpad('x', 1000000000, 'y')")]
    [InlineData("SELECT rpad('x', 1000000000, 'y')")]
    [InlineData("SELECT list_resize([1], 1000000000)")]
    [InlineData("SELECT bitstring('1', 1000000000)")]
    [InlineData("SELECT replace(repeat('x', 100000), 'x', repeat('y', 100000))")]
    public async Task One_value_cannot_take_all_memory(string sql)
    {
        var refused = await _rig.RefusedAsync(sql);
        Assert.Equal(QueryError.Failed, refused.Error);
        Assert.Contains("one value may not become longer than 100000", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT count(*) FROM range(1000000000) a, range(1000) b WHERE a.range % 7 < b.range % 11", QueryError.Timeout)]
    [InlineData("WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t", QueryError.Timeout)]
    [InlineData("SELECT max(a.range) FROM range(1000000000) a", QueryError.Timeout)]
    [InlineData("SELECT len(list(range)) FROM range(100000000)", QueryError.Memory)]
    [InlineData("SELECT count(DISTINCT range) FROM range(1000000000)", QueryError.Memory)]
    public async Task Endless_and_boundless_queries_are_stopped(string sql, QueryError expected)
    {
        var options = new SeriesOptions
        {
            Threads = 1,
            QueryTime = expected == QueryError.Timeout ? TimeSpan.FromMilliseconds(300) : TimeSpan.FromSeconds(60),
            MemoryLimit = Contracts.ByteSize.MiB(64),
            QuerySpill = Contracts.ByteSize.MiB(1),
        };
        using var rig = new SeriesRig(options);
        Assert.Equal(expected, (await rig.RefusedAsync(sql)).Error);
        Assert.Equal(["1"], await rig.LinesAsync("SELECT 1"));
    }

    [Fact]
    public async Task A_query_ends_when_nobody_waits_for_it()
    {
        using var gone = new CancellationTokenSource();
        var query = _rig.Store.QueryAsync("SELECT count(*) FROM range(100000000) a, range(100000000) b", gone.Token);
        await gone.CancelAsync();
        Assert.Equal(QueryError.Cancelled, (await Assert.ThrowsAsync<QueryException>(() => query)).Error);
        Assert.Equal(0, _rig.Store.Stats.Queries);
    }

    [Fact]
    public async Task Only_so_many_queries_wait()
    {
        using var rig = new SeriesRig(new SeriesOptions { Threads = 1, Queries = 1, QueriesWaiting = 1 });
        using var gone = new CancellationTokenSource();
        var running = rig.Store.QueryAsync("SELECT count(*) FROM range(100000000) a, range(100000000) b", gone.Token);
        var waiting = rig.Store.QueryAsync("SELECT 1", gone.Token);
        Assert.Equal(QueryError.Busy, (await rig.RefusedAsync("SELECT 1")).Error);
        await gone.CancelAsync();
        await Assert.ThrowsAsync<QueryException>(() => running);
        await Assert.ThrowsAsync<QueryException>(() => waiting);
        Assert.Equal(["1"], await rig.LinesAsync("SELECT 1"));
    }

    [Theory]
    [InlineData("SELECT vin FROM fleet.telemetri", QueryError.NotFound, 1, 17, "near to it: fleet.telemetry")]
    [InlineData("SELECT vin FROM telemetry", QueryError.NotFound, 1, 17, "near to it: fleet.telemetry")]
    [InlineData("SELECT vin FROM something_else.entirely", QueryError.NotFound, 1, 17, "a table is named database.table")]
    [InlineData("SELECT 'grün',\n  vni FROM fleet.telemetry", QueryError.NotFound, 2, 3, "vni")]
    [InlineData("SELECT vin\nFROM fleet.telemetry\nWHERE vin = = 'a'", QueryError.Syntax, 3, 13, "syntax error")]
    [InlineData("SELECT nosuch(vin) FROM fleet.telemetry", QueryError.NotFound, 1, 8, "nosuch")]
    [InlineData("EXPLAIN\nSELECT nosuch(1)", QueryError.NotFound, 2, 8, "nosuch")]
    [InlineData("SELECT 'x'::INTEGER", QueryError.Failed, 1, 11, "Could not convert")]
    [InlineData("", QueryError.Syntax, 0, 0, "no statement")]
    [InlineData(" ;; -- nothing", QueryError.Syntax, 0, 0, "no statement")]
    [InlineData("hello", QueryError.Syntax, 1, 1, "syntax error")]
    [InlineData("SELECT 1 \0 FROM x", QueryError.Syntax, 0, 0, "zero character")]
    [InlineData("SELECT * FROM glob('x')", QueryError.Refused, 1, 15, "the table function glob is not allowed")]
    public async Task Errors_name_the_place(string sql, QueryError error, int line, int column, string message)
    {
        var failed = await _rig.RefusedAsync(sql);
        Assert.Equal((error, line, column), (failed.Error, failed.Line, failed.Column));
        Assert.Contains(message, failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT count(*) FROM fleet.telemetry;", "100")]
    [InlineData("  -- a comment\n SELECT count(*) FROM fleet.telemetry -- another", "100")]
    [InlineData("WITH t AS (SELECT * FROM Fleet.Telemetry) SELECT count(*) FROM t a JOIN t b USING (vin, time)", "100")]
    [InlineData("SELECT count(*) FROM (VALUES (1), (2)) v(x), range(3), unnest([1, 2]) u(y)", "12")]
    [InlineData("WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT sum(n) FROM t", "15")]
    [InlineData("SELECT count(*) FROM fleet.telemetry WHERE time BETWEEN TIMESTAMP '2026-05-31 23:59:00' AND '2026-06-01'", "60")]
    [InlineData("SELECT count(DISTINCT time_bucket(INTERVAL '1 minute', time)) FROM fleet.telemetry", "2")]
    [InlineData("SELECT count(DISTINCT time_bucket(INTERVAL '1 minute', time, TIMESTAMP '1970-01-01')) FROM fleet.telemetry", "2")]
    [InlineData("SELECT len(list_transform(range(5), x -> x + 1))", "5")]
    [InlineData("SELECT repeat('ab', 2) || lpad('1', 3, '0') || replace('a', 'a', 'b') || printf('%5.1f', 1.25)", "abab001b  1.2")]
    [InlineData("SELECT vin FROM fleet.telemetry QUALIFY row_number() OVER (PARTITION BY vin ORDER BY time DESC) = 1 ORDER BY vin LIMIT 1", "car0")]
    public async Task Ordinary_queries_are_answered(string sql, string first)
    {
        Assert.Equal(first, (await _rig.LinesAsync(sql))[0]);
    }

    [Fact]
    public async Task Now_compares_with_time()
    {
        Assert.Equal(["0"], await _rig.LinesAsync("SELECT count(*) FROM fleet.telemetry WHERE time > now() + INTERVAL '10000 days' AND time > ago('1h') AND time > current_timestamp"));
    }

    [Fact]
    public async Task Answers_are_json_that_every_reader_reads_exactly()
    {
        const string sql = """
            SELECT 1 AS i, 9007199254740993::BIGINT AS big, 170141183460469231731687303715884105727::HUGEINT AS huge, 1.50::DECIMAL(5,2) AS dec,
                   123456789012345678901234567890.12::DECIMAL(38,2) AS long_dec, 0.1::DOUBLE AS d, 'NaN'::DOUBLE AS nan, true AS b, 'ü"' AS s, NULL AS n,
                   TIMESTAMP '2026-06-01 10:11:12.5' AS t, make_timestamp_ns(-1) AS ns, DATE '0001-01-01' AS day, [1, 2] AS l, {'a': 'x"y', 'b': NULL} AS st,
                   MAP {'k': 1} AS m, INTERVAL '90 minutes' AS iv, 'a1b2c3d4-0000-0000-0000-000000000000'::UUID AS u, -0.05::DECIMAL(4,2) AS small, 5::UTINYINT AS ub
            """;
        using var result = await _rig.Store.QueryAsync(sql, TestContext.Current.CancellationToken);
        using var stream = new MemoryStream();
        await using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            result.WriteColumnsTo(json);
            json.WriteStartArray("rows");
            result.WriteRowsTo(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(stream.ToArray());
        Assert.Equal(
            """[1,"9007199254740993","170141183460469231731687303715884105727",1.50,"123456789012345678901234567890.12",0.1,"NaN",true,"\u00FC\u0022",null,"2026-06-01 10:11:12.500000000","1969-12-31 23:59:59.999999999","0001-01-01",[1,2],{"a":"x\"y","b":null},{"k":1},"01:30:00","a1b2c3d4-0000-0000-0000-000000000000",-0.05,5]""",
            document.RootElement.GetProperty("rows")[0].GetRawText());
        var types = document.RootElement.GetProperty("columns").EnumerateArray().Select(static column => column.GetProperty("type").GetString());
        Assert.Equal("integer bigint hugeint decimal decimal double double boolean varchar integer timestamp timestamp date json json json interval uuid decimal integer", string.Join(' ', types));
    }

    [Fact]
    public async Task Long_answers_are_cut_and_say_so()
    {
        using var rig = new SeriesRig(new SeriesOptions { Threads = 1, QueryRows = 5000, QueryBytes = Contracts.ByteSize.MiB(1) });
        using var rows = await rig.Store.QueryAsync("SELECT * FROM range(100000000000)", TestContext.Current.CancellationToken);
        Assert.Equal((5000, true, 5000), (rows.Count, rows.Truncated, rows.Rows().Count()));
        using var all = await rig.Store.QueryAsync("SELECT * FROM range(5000)", TestContext.Current.CancellationToken);
        Assert.Equal((5000, false), (all.Count, all.Truncated));
        using var bytes = await rig.Store.QueryAsync("SELECT repeat('x', 1000) FROM range(5000)", TestContext.Current.CancellationToken);
        Assert.True(bytes.Truncated);
        Assert.InRange(bytes.Count, 1, 4999);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public async Task Garbage_is_refused_and_nothing_worse(int seed)
    {
        var random = new Random(seed);
        string[] words = ["SELECT", "FROM", "fleet.telemetry", "(", ")", ",", "'", "\"", "*", "WITH", "AS", "x", ";", "--", "/*", "*/", "$$", "E'\\", "::", "1", "\n", "\0", "\uD800", "ü", "WHERE", "EXPLAIN", "[", "]", "{", "}", "->", "\\"];
        for (var i = 0; i < 200; i++)
        {
            var text = new StringBuilder();
            for (var length = random.Next(1, 20); length > 0; length--) text.Append(words[random.Next(words.Length)]).Append(random.Next(2) == 0 ? " " : "");
            try
            {
                (await _rig.Store.QueryAsync(text.ToString(), TestContext.Current.CancellationToken)).Dispose();
            }
            catch (QueryException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        }

        Assert.Equal(100, await _rig.CountAsync());
    }
}
