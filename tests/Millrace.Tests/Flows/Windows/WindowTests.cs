using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Records;
using Millrace.Flows.Options;
using Millrace.Testing.Flows;

namespace Millrace.Tests.Flows.Windows;

public sealed class WindowTests
{
    private const string PerMinute = "SELECT k, count(*) AS n, window_start() / 1000 AS s, window_end() / 1000 AS e FROM 'a/#' GROUP BY k, tumbling('1m')";
    private static readonly WindowOptions Timed = new() { Time = new TimeOptions("time"), Lateness = TimeSpan.FromSeconds(10), Late = "late", MaxGroups = 1000 };

    [Fact]
    public async Task A_window_ends_when_time_has_passed_its_end_by_the_lateness()
    {
        var bench = new WindowBench(PerMinute, Timed);
        bench.Publish(0, """{"k":"a"}""");
        bench.Publish(59, """{"k":"a"}""");
        bench.Publish(69.9, """{"k":"b"}""");
        await bench.ReadAllAsync();
        Assert.Empty(bench.Rows.Payloads());
        Assert.Equal(2, bench.Status.Open);
        bench.Publish(70, """{"k":"b"}""");
        await bench.ReadAllAsync();
        Assert.Equal(["""{"k":"a","n":2,"s":0,"e":60}"""], bench.Rows.Payloads());
        Assert.Equal(1, bench.Status.Open);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(60), bench.Status.Watermark);
        Assert.Equal(1, bench.Status.Emitted);
    }

    [Fact]
    public async Task A_row_out_of_order_within_the_lateness_is_in_its_window()
    {
        var bench = new WindowBench(PerMinute, Timed);
        bench.Publish(61, """{"k":"a"}""");
        bench.Publish(59, """{"k":"a"}""", arrival: 62);
        bench.Publish(130, """{"k":"a"}""");
        await bench.ReadAllAsync();
        Assert.Equal(["""{"k":"a","n":1,"s":0,"e":60}""", """{"k":"a","n":1,"s":60,"e":120}"""], bench.Rows.Payloads());
        Assert.Equal(0, bench.Status.Late);
    }

    [Fact]
    public async Task A_row_later_than_that_goes_to_the_side_stream_as_it_was_published()
    {
        var bench = new WindowBench(PerMinute, Timed);
        bench.Publish(75, """{"k":"a"}""");
        bench.Publish(59, """{"k":"b","x":[1, 2]}""", arrival: 76);
        await bench.ReadAllAsync();
        Assert.Equal(1, bench.Status.Late);
        Assert.Equal(["""{"k":"b","x":[1,2],"time":59000}"""], bench.LateRows.Payloads());
        using var late = new RecordBatch();
        Assert.True(bench.LateRows.TryRead(0, late));
        Assert.Equal("a/t", Encoding.UTF8.GetString(late[0].Topic));
        Assert.Equal("device", Encoding.UTF8.GetString(late[0].Key));
    }

    [Fact]
    public async Task A_row_carries_the_key_of_its_group_and_the_name_of_its_flow()
    {
        var bench = new WindowBench("SELECT count(*) AS n FROM 'a/#' GROUP BY k, j, tumbling('1m')", Timed);
        bench.Publish(0, """{"k":"a","j":7}""");
        await bench.FinishAsync(TimeSpan.FromMinutes(3));
        using var rows = new RecordBatch();
        Assert.True(bench.Rows.TryRead(0, rows));
        Assert.Equal("a/7", Encoding.UTF8.GetString(rows[0].Key));
        Assert.Equal("flow", Encoding.UTF8.GetString(rows[0].Topic));
    }

    [Fact]
    public async Task A_hopping_window_counts_a_row_once_in_each_window_that_it_is_in()
    {
        var bench = new WindowBench("SELECT count(*) AS n, window_start() / 1000 AS s FROM 'a/#' GROUP BY hopping('30s', '10s')", Timed);
        bench.Publish(25, "{}");
        bench.Publish(31, "{}");
        await bench.FinishAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(["""{"n":1,"s":0}""", """{"n":2,"s":10}""", """{"n":2,"s":20}""", """{"n":1,"s":30}"""], bench.Rows.Payloads());
    }

    [Fact]
    public async Task A_session_is_what_follows_within_the_gap_and_a_row_between_two_joins_them()
    {
        var bench = new WindowBench(
            "SELECT k, count(*) AS n, window_start() / 1000 AS s, window_end() / 1000 AS e, first(v) AS f, last(v) AS l FROM 'a/#' GROUP BY k, session('10s')",
            Timed with { Lateness = TimeSpan.FromSeconds(30) });
        bench.Publish(100, """{"k":"a","v":1}""");
        bench.Publish(116, """{"k":"a","v":3}""");
        bench.Publish(108, """{"k":"a","v":2}""", arrival: 117);
        bench.Publish(126, """{"k":"a","v":4}""");
        bench.Publish(120, """{"k":"b","v":9}""", arrival: 126);
        await bench.FinishAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(
            ["""{"k":"a","n":3,"s":100,"e":116,"f":1,"l":3}""", """{"k":"b","n":1,"s":120,"e":120,"f":9,"l":9}""", """{"k":"a","n":1,"s":126,"e":126,"f":4,"l":4}"""],
            bench.Rows.Payloads());
    }

    [Fact]
    public async Task A_partition_that_is_behind_holds_windows_open_until_it_is_idle()
    {
        var bench = new WindowBench(PerMinute, Timed, partitions: 2);
        bench.Publish(10, """{"k":"a"}""", partition: 0);
        bench.Publish(10, """{"k":"a"}""", partition: 1);
        bench.Publish(300, """{"k":"a"}""", partition: 0);
        await bench.ReadAllAsync();
        Assert.Empty(bench.Rows.Payloads());
        bench.Clock.Advance(TimeSpan.FromSeconds(29));
        bench.Publish(301, """{"k":"a"}""", partition: 0);
        await bench.ReadAllAsync();
        Assert.Equal(["""{"k":"a","n":2,"s":0,"e":60}"""], bench.Rows.Payloads());
        bench.Publish(20, """{"k":"z"}""", partition: 1, arrival: 302);
        await bench.ReadAllAsync();
        Assert.Equal(1, bench.Status.Late);
    }

    [Fact]
    public async Task When_no_partition_has_rows_the_clock_ends_the_last_windows()
    {
        var bench = new WindowBench(PerMinute, Timed);
        bench.Publish(10, """{"k":"a"}""");
        await bench.ReadAllAsync();
        bench.Clock.Advance(TimeSpan.FromSeconds(85));
        await bench.CommitAsync(0);
        Assert.Empty(bench.Rows.Payloads());
        bench.Clock.Advance(TimeSpan.FromSeconds(5));
        await bench.CommitAsync(0);
        Assert.Single(bench.Rows.Payloads());
    }

    [Fact]
    public async Task A_clock_that_is_more_than_15_minutes_ahead_is_not_believed()
    {
        var bench = new WindowBench(PerMinute, Timed);
        bench.Publish(10, """{"k":"a"}""");
        bench.Publish(5_000_000, """{"k":"a"}""", arrival: 20);
        bench.Publish(20 + (15 * 60), """{"k":"c"}""", arrival: 20);
        await bench.ReadAllAsync();
        Assert.Equal(["""{"k":"a","n":2,"s":0,"e":60}"""], bench.Rows.Payloads());
    }

    [Fact]
    public async Task Without_a_field_the_arrival_is_the_time()
    {
        var bench = new WindowBench(PerMinute, new WindowOptions());
        bench.Publish(10, """{"k":"a"}""", arrival: 30);
        bench.Publish(10, """{"k":"a"}""", arrival: 60);
        await bench.ReadAllAsync();
        Assert.Equal(["""{"k":"a","n":1,"s":0,"e":60}"""], bench.Rows.Payloads());
    }

    [Fact]
    public async Task A_message_without_its_time_is_refused_with_the_field()
    {
        var bench = new WindowBench(PerMinute, Timed with { Time = new TimeOptions("o.at") });
        bench.Publish(10, """{"k":"a","o":{"at":"soon"}}""");
        bench.Publish(10, """{"k":"a"}""");
        await bench.ReadAllAsync();
        Assert.Contains("'o.at': 'soon' is not a time", bench.Refused[0], StringComparison.Ordinal);
        Assert.Contains("'o.at': is missing", bench.Refused[1], StringComparison.Ordinal);
        Assert.Equal(0, bench.Status.Open);
    }

    [Fact]
    public async Task One_group_more_than_there_may_be_is_refused_and_those_there_are_go_on()
    {
        var bench = new WindowBench(PerMinute, Timed with { MaxGroups = 2 });
        foreach (var k in (string[])["a", "b", "c", "a"]) bench.Publish(10, $$"""{"k":"{{k}}"}""");
        await bench.ReadAllAsync();
        Assert.Contains("window.maxGroups", Assert.Single(bench.Refused), StringComparison.Ordinal);
        Assert.Equal(1, bench.Status.NoRoom);
        await bench.FinishAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(["""{"k":"a","n":2,"s":0,"e":60}""", """{"k":"b","n":1,"s":0,"e":60}"""], bench.Rows.Payloads());
    }

    [Theory]
    [InlineData("k", "key of its group")]
    [InlineData("v", "keep a value")]
    public async Task What_is_too_long_to_be_kept_is_refused(string field, string reason)
    {
        var bench = new WindowBench("SELECT k, max(v) AS v FROM 'a/#' GROUP BY k, tumbling('1m')", Timed);
        bench.Publish(10, $$"""{"{{field}}":"{{new string('x', 5000)}}"}""");
        await bench.ReadAllAsync();
        Assert.Contains(reason, Assert.Single(bench.Refused), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_statement_with_the_same_groups_goes_on_with_the_state_of_the_one_before()
    {
        var bench = new WindowBench(PerMinute, Timed);
        bench.Publish(10, """{"k":"a"}""");
        await bench.ReadAllAsync();
        bench.Sql = "SELECT k AS key, count(*) * 100 AS n FROM 'a/#' GROUP BY k, tumbling('1m')";
        bench.Start();
        bench.Publish(11, """{"k":"a"}""");
        await bench.FinishAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(["""{"key":"a","n":200}"""], bench.Rows.Payloads());
    }

    [Fact]
    public async Task A_statement_with_other_groups_ends_the_windows_of_the_one_before()
    {
        var bench = new WindowBench(PerMinute, Timed);
        bench.Publish(10, """{"k":"a"}""");
        await bench.ReadAllAsync();
        bench.Sql = "SELECT count(*) AS n FROM 'a/#' GROUP BY tumbling('5m')";
        bench.Start();
        bench.Publish(11, """{"k":"a"}""");
        await bench.FinishAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(["""{"k":"a","n":1,"s":0,"e":60}""", """{"n":1}"""], bench.Rows.Payloads());
    }

    [Fact]
    public void A_snapshot_that_is_none_is_corrupt_and_not_skipped()
    {
        var bench = new WindowBench(PerMinute, Timed);
        foreach (var bytes in (byte[][])[[], [1], [2, 3, 4], [1, 200, 200, 200, 200, 200, 200]])
        {
            bench.Store.Save("flow", bytes);
            bench.Start();
            var fault = Assert.Throws<FaultException>(() => bench.CommitAsync(0).AsTask().GetAwaiter().GetResult());
            Assert.Equal(Fault.Corrupt, fault.Fault);
        }
    }
}
