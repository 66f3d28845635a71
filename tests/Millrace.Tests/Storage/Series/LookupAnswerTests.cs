using System.Buffers;
using System.Text;
using System.Text.Json;
using Millrace.Storage.Series.Query;

namespace Millrace.Tests.Storage.Series;

/// <summary>Look-ups are answered without DuckDB, in the same words.</summary>
public sealed class LookupAnswerTests : IDisposable
{
    private static readonly string[] Texts = ["plain", "", "\"quoted\" \\ <a&b>'+", "é 😀 \u2028", "line\nbreak\u0001", new string('x', 9000), "ünï" + new string('<', 3000)];
    private static readonly double[] Doubles = [0.0, -0.0, 1.5, -123.456, 1e300, 5e-324, 1e15, 0.1 + 0.2, 12345678.12345678, double.Epsilon, double.MaxValue];
    private static readonly long[] Wholes = [0, -1, long.MaxValue, long.MinValue, 1L << 53, (1L << 53) - 1, -(1L << 53)];

    private readonly SeriesRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_value_is_written_as_DuckDB_s_are(bool moved)
    {
        _rig.Write(Enumerable.Range(0, 60).Select(Row));
        if (moved) await _rig.MoveAsync();
        foreach (var sql in new[] { "SELECT * FROM fleet.telemetry ORDER BY time", "SELECT vin, d, t FROM fleet.telemetry WHERE b IS NULL ORDER BY time", "SELECT time FROM fleet.telemetry WHERE vin = 'nobody'" })
        {
            _rig.Store.PlansQueries = true;
            var (quick, whole) = await JsonAsync(sql);
            var values = await _rig.LinesAsync(sql);
            _rig.Store.PlansQueries = false;
            var (plain, isWhole) = await JsonAsync(sql);
            Assert.True(whole);
            Assert.False(isWhole);
            Assert.Equal(plain, quick);
            Assert.Equal(await _rig.LinesAsync(sql), values);
        }
    }

    [Fact]
    public async Task A_row_by_itself_is_written_as_all_of_them_are()
    {
        _rig.Write(Enumerable.Range(0, 60).Select(Row));
        using var result = await _rig.Store.QueryAsync("SELECT * FROM fleet.telemetry ORDER BY time", TestContext.Current.CancellationToken);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            result.WriteRowsTo(json);
            json.WriteEndArray();
        }

        Assert.Equal((await JsonAsync("SELECT * FROM fleet.telemetry ORDER BY time")).Json, Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    [Fact]
    public async Task An_answer_that_is_kept_stays_as_it_is_while_others_look_up()
    {
        _rig.Write(Enumerable.Range(0, 60).Select(Row));
        using var kept = await _rig.Store.QueryAsync("SELECT d FROM fleet.telemetry ORDER BY time", TestContext.Current.CancellationToken);
        var before = kept.Rows().Select(static row => row[0]).ToList();
        for (var i = 0; i < 20; i++) await _rig.LinesAsync("SELECT n FROM fleet.telemetry ORDER BY time DESC");
        Assert.Equal(before, kept.Rows().Select(static row => row[0]));
    }

    [Fact]
    public async Task What_is_asked_again_is_of_the_table_as_it_is_then()
    {
        string[] asked = ["SELECT * FROM fleet.telemetry ORDER BY time", "SELECT time, d FROM fleet.telemetry WHERE vin = 'a' AND d > 1 ORDER BY time"];
        Point[] points =
        [
            new Point("m", SeriesRig.Now, new Dictionary<string, object> { ["d"] = 1.5 }) { Dimensions = [("vin", "a")] },
            new Point("m", SeriesRig.Now + 1, new Dictionary<string, object> { ["d"] = 2.5, ["n"] = 7L }) { Dimensions = [("vin", "a")] },
            new Point("m", SeriesRig.Now + 2, new Dictionary<string, object> { ["d"] = 3.5 }) { Dimensions = [("vin", "a"), ("site", "x")] },
        ];
        const string Latest = "SELECT d FROM fleet.\"telemetry$latest\" WHERE vin = 'a' ORDER BY time";
        foreach (var point in points)
        {
            _rig.Write(point);
            await AgreeAsync(asked);
        }

        Assert.Equal(["2.5", "3.5"], await _rig.LinesAsync(Latest));
        await _rig.Store.DeleteAsync(SeriesRig.Fleet, TestContext.Current.CancellationToken);
        foreach (var sql in asked) await _rig.RefusedAsync(sql);
        _rig.Write(new Point("m", SeriesRig.Now, new Dictionary<string, object> { ["n"] = 1L, ["d"] = 9.5 }) { Dimensions = [("site", "y"), ("vin", "a")] });
        await AgreeAsync(asked);
        Assert.Equal(["9.5"], await _rig.LinesAsync(Latest));
    }

    private async Task AgreeAsync(string[] asked)
    {
        foreach (var sql in asked)
        {
            _rig.Store.PlansQueries = true;
            await JsonAsync(sql);
            var (quick, whole) = await JsonAsync(sql);
            Assert.True(whole);
            _rig.Store.PlansQueries = false;
            Assert.Equal((await JsonAsync(sql)).Json, quick);
            _rig.Store.PlansQueries = true;
        }
    }

    private static Point Row(int i)
    {
        var values = new Dictionary<string, object>();
        if (i % 5 != 0) values["d"] = Doubles[i % Doubles.Length];
        if (i % 3 != 0) values["n"] = Wholes[i % Wholes.Length];
        if (i % 4 != 0) values["t"] = Texts[i % Texts.Length];
        if (i % 7 != 0) values["b"] = i % 2 == 0;
        values["at"] = DateTime.UnixEpoch.AddTicks(i * 123_456_789L);
        return new Point("m", SeriesRig.Now - SeriesRig.Day + i, values) { Dimensions = i % 6 == 0 ? [] : [("vin", Texts[i % 5] + "v")] };
    }

    private async Task<(string Json, bool IsWhole)> JsonAsync(string sql)
    {
        var (buffer, whole) = (new ArrayBufferWriter<byte>(), false);
        await _rig.Store.StreamAsync(
            sql,
            QueryLimits.None,
            part =>
            {
                using (part)
                {
                    whole = part.IsWhole;
                    using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
                    json.WriteStartArray();
                    json.Flush();
                    if (!part.TryWriteRowsTo(buffer)) part.WriteRowsTo(json);
                    json.WriteEndArray();
                }
            },
            TestContext.Current.CancellationToken);
        return (Encoding.UTF8.GetString(buffer.WrittenSpan), whole);
    }
}
