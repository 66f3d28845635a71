using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Flows.Options;
using Millrace.Server.Pipeline;
using Millrace.Simulator;
using Millrace.Sql.Payload;

namespace Millrace.Tests.Server.Pipeline;

public sealed class PipelineReaderTests
{
    [Fact]
    public void The_demo_file_has_no_problems()
    {
        var pipeline = Read(DemoFile.Text());
        Assert.Equal([FleetKind.Cars, FleetKind.Homes, FleetKind.Wells], pipeline.Fleets.Select(static f => f.Kind).Order());
        Assert.Contains(pipeline.Flows, static f => f.Sinks[0] is RepublishSinkOptions { Topic: "cmd/cars/${vin}/stop", Qos: 1 });
        Assert.Contains(pipeline.Flows, static f => f.Sinks[0] is LiveSinkOptions);
    }

    [Fact]
    public void Everything_that_can_be_written_is_read()
    {
        var pipeline = Read("""
            tables:
              a.b: { dimensions: [x, y], measures: { n: bigint }, retention: 12h, memoryRetention: 2h, magneticWrites: false, futureLimit: 1h, onFuture: arrivalTime }
            streams:
              alarms: { partitions: 4, retention: 2d }
            flows:
              first:
                sql: SELECT *, topic(2) AS it FROM 'a/+'
                from: { stream: alarms }
                start: now
                retry: { first: 1s, longest: 1m }
                steps:
                  - correct-time: { field: t, unit: s, ahead: 1h }
                  - split-measures:
                to: { series: { table: 'a.${it}', dimensions: [x], measures: [n, m], measureName: all-of-it, time: { field: t, unit: us } } }
              second: { sql: "SELECT * FROM '#'", to: { lake: { stream: raw, bufferSize: 1MiB, bufferTime: 5m } } }
              third: { sql: "SELECT * FROM '#'", to: { stream: { name: alarms, key: '${x}' } } }
              fourth: { sql: "SELECT * FROM 'a/#'", to: { republish: { topic: b, qos: 0, retain: false } } }
              fifth: { sql: "SELECT * FROM 'a/#'", to: { republish: { topic: b, retain: true } } }
            fleets:
              f: { kind: homes, devices: 3, interval: 250ms, seed: 9, clocksAhead: 0.5, bursts: 0, anomalies: 1 }
            """);

        Assert.Equal(new TableDeclaration(new TableName("a", "b"))
        {
            Dimensions = ["x", "y"],
            Measures = [new("n", MeasureType.Bigint)],
            Retention = TimeSpan.FromHours(12),
            MemoryRetention = TimeSpan.FromHours(2),
            MagneticWrites = false,
            FutureLimit = TimeSpan.FromHours(1),
            OnFuture = FutureRule.ArrivalTime,
        }, Assert.Single(pipeline.Tables));
        Assert.Equal(new StreamOptions("alarms") { Partitions = 4, Retention = TimeSpan.FromDays(2) }, Assert.Single(pipeline.Streams));
        Assert.Equal(new FlowOptions
        {
            Name = "first",
            Sql = "SELECT *, topic(2) AS it FROM 'a/+'",
            Source = new StreamSource("alarms"),
            Start = FlowStart.Now,
            Retry = new RetryOptions { First = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromMinutes(1) },
            Steps = [new CorrectTimeOptions { Field = "t", Unit = TimeUnit.Seconds, Ahead = TimeSpan.FromHours(1) }, new SplitMeasuresOptions()],
            Sinks =
            [
                new SeriesSinkOptions
                {
                    Table = "a.${it}",
                    Dimensions = ["x"],
                    Measure = new MultiMeasure("all-of-it", ["n", "m"]),
                    Time = new TimeOptions("t", TimeUnit.Microseconds),
                },
            ],
        }, pipeline.Flows[0]);
        Assert.Equal(new LakeSinkOptions { Stream = "raw", BufferSize = ByteSize.MiB(1), BufferTime = TimeSpan.FromMinutes(5) }, pipeline.Flows[1].Sinks[0]);
        Assert.Equal(new StreamSinkOptions { Name = "alarms", Key = "${x}" }, pipeline.Flows[2].Sinks[0]);
        Assert.Equal(new RepublishSinkOptions { Topic = "b", Qos = 0 }, pipeline.Flows[3].Sinks[0]);
        Assert.Equal(new RepublishSinkOptions { Topic = "b", Retain = true }, pipeline.Flows[4].Sinks[0]);
        Assert.Equal(new FleetOptions
        {
            Name = "f",
            Kind = FleetKind.Homes,
            Devices = 3,
            Interval = TimeSpan.FromMilliseconds(250),
            Seed = 9,
            ClocksAhead = 0.5,
            Bursts = 0,
            Anomalies = 1,
        }, Assert.Single(pipeline.Fleets));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing here\n")]
    [InlineData("\uFEFFflows: {}")]
    [InlineData("flows:\r\ntables:\r\n")]
    public void A_file_may_declare_nothing(string yaml) => Assert.Equal(PipelineFile.Empty, Read(yaml));

    [Fact]
    public void The_same_meaning_in_other_words_is_the_same_pipeline() =>
        Assert.Equal(
            Read("flows: { a: { sql: SELECT * FROM 'x', to: { lake: { stream: s } } } }"),
            Read("flows:\n  a:\n    to:\n      lake: { stream: \"s\", bufferTime: 1m }\n    sql: \"SELECT * FROM 'x'\"\n"));

    [Fact]
    public void Applying_a_file_tells_what_it_creates_changes_and_removes()
    {
        var before = Read("""
            tables: { a.b: { retention: 1d } }
            flows:
              same: { sql: SELECT * FROM 'x', to: { live: {} } }
              other: { sql: SELECT * FROM 'x', to: { live: {} } }
              gone: { sql: SELECT * FROM 'x', to: { live: {} } }
            """);
        var after = Read("""
            tables: { a.b: { retention: 2d } }
            flows:
              new: { sql: SELECT * FROM 'x', to: { live: {} } }
              other: { sql: SELECT * FROM 'y', to: { live: {} } }
              same: { sql: SELECT * FROM 'x', to: { live: {} } }
            """);
        var all = PipelineDiff.Between(before, after).All;
        Assert.Equal(["flow new"], all.Created);
        Assert.Equal(["table a.b", "flow other"], all.Changed);
        Assert.Equal(["flow same"], all.Unchanged);
        Assert.Equal(["flow gone"], all.Removed);
        Assert.Empty(PipelineDiff.Between(after, after).All.Changed);
    }

    private static PipelineFile Read(string yaml)
    {
        PipelineReader.TryRead(Encoding.UTF8.GetBytes(yaml), out var pipeline, out var problems);
        Assert.Empty(problems);
        return pipeline;
    }
}
