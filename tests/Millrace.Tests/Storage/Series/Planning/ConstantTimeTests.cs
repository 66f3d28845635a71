using System.Text.Json;
using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Query.Planning;

namespace Millrace.Tests.Storage.Series.Planning;

/// <summary>What is worked out of a statement's constants is what DuckDB would make of them.</summary>
public sealed class ConstantTimeTests : IDisposable
{
    private readonly Database _database = Database.Open([("threads", "1")]);
    private readonly Connection _connection;

    public ConstantTimeTests()
    {
        _connection = _database.Connect();
        _connection.Execute("SET TimeZone = 'UTC'; CREATE MACRO ago(i) AS TIMESTAMP '2026-06-01 00:00:00' - i::INTERVAL; CREATE MACRO now() AS TIMESTAMP '2026-06-01 00:00:00'");
        _connection.Execute("CREATE MACRO from_milliseconds(n) AS make_timestamp_ns(n::BIGINT * 1000000)");
    }

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }

    [Theory]
    [InlineData("'2026-06-01'")]
    [InlineData("'2026-06-01 10:11'")]
    [InlineData("'2026-06-01T10:11:12'")]
    [InlineData("'2026-06-01T10:11:12Z'")]
    [InlineData("'2026-06-01 10:11:12.5'")]
    [InlineData("'2026-06-01 10:11:12.123456789'")]
    [InlineData("'1969-12-31 23:59:59.123456789'")]
    [InlineData("TIMESTAMP '2026-06-01 10:11:12.123456789'")]
    [InlineData("TIMESTAMP '1969-12-31 23:59:59.123456789'")]
    [InlineData("TIMESTAMP_NS '2026-06-01 10:11:12.123456789'")]
    [InlineData("DATE '2026-06-01'")]
    [InlineData("'2026-06-01 10:00:00'::TIMESTAMP::DATE")]
    [InlineData("now()")]
    [InlineData("now() - INTERVAL '15 minutes'")]
    [InlineData("now() - INTERVAL 3 HOUR + INTERVAL '5' SECOND")]
    [InlineData("(now() - INTERVAL '1 day')")]
    [InlineData("ago(INTERVAL '2 hours')")]
    [InlineData("date_trunc('day', now() - INTERVAL '1 hour')")]
    [InlineData("date_trunc('HOUR', TIMESTAMP '1960-01-01 10:11:12')")]
    [InlineData("epoch_ms(1780272000123)")]
    [InlineData("make_timestamp(1780272000123456)")]
    [InlineData("make_timestamp_ns(1780272000123456789)")]
    [InlineData("from_milliseconds(1780272000123)")]
    [InlineData("DATE '2026-06-01' + INTERVAL '1 week'")]
    public void A_constant_is_what_the_engine_makes_of_it(string sql) => Assert.Equal(Engine(sql), Ours(sql));

    [Theory]
    [InlineData("'2026-06-01 10'")]
    [InlineData("'2026-6-1'")]
    [InlineData("'yesterday'")]
    [InlineData("'2026-06-01 10:11:12+02'")]
    [InlineData("'3026-06-01'")]
    [InlineData("TIMESTAMPTZ '2026-06-01'")]
    [InlineData("TRY_CAST('2026-06-01' AS TIMESTAMP)")]
    [InlineData("now() - INTERVAL '1 month'")]
    [InlineData("now() - INTERVAL '1 hour 5 minutes'")]
    [InlineData("date_trunc('month', now())")]
    [InlineData("TIMESTAMP '2026-06-01' + random()::INTEGER * INTERVAL '1 hour'")]
    [InlineData("NULL")]
    [InlineData("5")]
    public void What_is_not_certain_is_left_to_the_engine(string sql) => Assert.Null(Ours(sql));

    private long Engine(string sql)
    {
        // A text is compared with a time as one.
        var time = sql.StartsWith('\'') && sql.EndsWith('\'') ? $"{sql}::TIMESTAMP_NS" : $"({sql})::TIMESTAMP_NS";
        using var result = _connection.Query($"SELECT epoch_ns({time})");
        return result.Scalar();
    }

    private long? Ours(string sql)
    {
        using var result = _connection.Query($"SELECT json_serialize_sql('SELECT {sql.Replace("'", "''", StringComparison.Ordinal)}')::VARCHAR");
        using var chunk = result.Fetch()!;
        using var tree = JsonDocument.Parse(chunk.Vector(0).Text(0).ToArray());
        var expression = tree.RootElement.GetProperty("statements")[0].GetProperty("node").GetProperty("select_list")[0];
        return new ConstantTime(static () => SeriesRig.Now / 1000).Ns(expression);
    }
}
