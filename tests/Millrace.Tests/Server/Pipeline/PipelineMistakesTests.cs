using System.Text;
using Millrace.Server.Pipeline;

namespace Millrace.Tests.Server.Pipeline;

public sealed class PipelineMistakesTests
{
    /// <summary>A file, and what is said about it: the place, then words of the sentence; the next after a bar.</summary>
    public static TheoryData<string, string> Mistakes => new()
    {
        { "flow:\n  a: 1\n", "1:1 flow did you mean flows?" },
        { "flows:\n  a:\n    sq: SELECT 1\n    to: { live: {} }", "3:5 flows.a.sql is missing|3:5 flows.a.sq did you mean sql?" },
        { "flows:\n  a: { sql: SELECT * FROM 'a' }", "2:6 flows.a.to is missing" },
        { "flows:\n  a: 5", "2:6 flows.a must be a map" },
        { "flows: [a]", "1:8 flows must be a map" },
        { "flows:\n  a b: { sql: SELECT * FROM 'a', to: { live: } }", "2:3 flows.a b.name letters, digits" },
        { "flows:\n  a: { sql: SELECT * FROM 'a', to: { serie: {} } }", "2:38 flows.a.to.serie did you mean series?" },
        { "flows:\n  a: { sql: SELECT * FROM 'a', to: { live: {}, lake: {} } }", "2:36 flows.a.to exactly one of" },
        { "flows:\n  a:\n    sql: SELECT * FROM 'a'\n    steps:\n      - corect-time: {}\n    to: { live: {} }", "5:9 flows.a.steps[0].corect-time did you mean correct-time?" },
        { "flows:\n  a: { sql: [1], to: { live: {} } }", "2:13 flows.a.sql must be a text" },
        { "flows:\n  a: { sql: , to: { live: {} } }", "2:13 flows.a.sql has no value" },
        { "flows:\n  a: { sql: SELECT * FROM 'a', to: { lake: { stream: a/b, bufferTime: 5 } } }", "2:54 flows.a.to.lake.stream letters, digits|2:71 flows.a.to.lake.bufferTime must be a time" },
        { "flows:\n  a: { sql: SELECT * FROM 'a', start: never, to: { live: {} } }", "2:39 flows.a.start one of oldest, now" },
        { "flows:\n  a: { sql: SELECT * FROM 'a', to: { republish: { topic: 'a/#', qos: 3 } } }", "2:58 flows.a.to.republish.topic wildcards|2:70 flows.a.to.republish.qos 0 or 1" },
        { "flows:\n  a: { sql: SELECT * FROM 'a', to: { republish: { topic: b, retain: often } } }", "2:69 flows.a.to.republish.retain true or false" },
        { "flows:\n  a: { sql: SELECT * FROM 'a', to: { republish: { topic: 'cmd/${vin' } } }", "2:68 flows.a.to.republish.topic expected" },
        { "flows:\n  a: { sql: SELECT * FRM 'a', to: { live: {} } }", "2:22 flows.a.sql" },
        { "flows:\n  a:\n    to: { live: {} }\n    sql: |\n      SELECT a\n      FROM 'x' WHERE nope(1) = 2", "6:22 flows.a.sql nope" },
        { "flows:\n  a: { sql: SELECT * FROM 'a', to: { stream: { name: alrms } } }\nstreams:\n  alarms: {}", "2:54 flows.a.to.stream.name did you mean alarms?" },
        { "flows:\n  a: { sql: SELECT * FROM 'a', from: { stream: b }, to: { live: {} } }", "2:48 flows.a.from.stream not declared" },
        { "flows:\n  a: { sql: SELECT * FROM 'a', to: { lake: { stream: x } } }\n  b: { sql: SELECT * FROM 'a', to: { lake: { stream: x } } }", "3:54 flows.b.to.lake.stream flow a writes" },
        { "flows:\n  a: { sql: SELECT * FROM 'a', to: { series: { table: t, measure: { name: n } } } }", "2:55 flows.a.to.series.table database.table|2:67 flows.a.to.series.measure.value is missing" },
        { "flows:\n  a: { sql: SELECT * FROM 'a', to: { series: { table: a.b, dimensions: [d, d], measures: all, measureName: m } } }", "2:72 flows.a.to.series.dimensions twice" },
        { "flows:\n  a: { sql: SELECT * FROM 'a', to: { series: { table: a.b } } }", "2:46 flows.a.to.series.measure is missing" },
        { "flows:\n  a: { sql: SELECT * FROM 'a', to: { live: {} } }\n  a: { sql: SELECT * FROM 'b', to: { live: {} } }", "3:3 a second time; the first is in line 2" },
        { "tables:\n  telemetry: {}", "2:3 tables.telemetry database.table" },
        { "tables:\n  a.b: { retention: 30 days }", "2:21 tables.a.b.retention 30d, not '30 days'" },
        { "tables:\n  a.b: { measures: { v: int } }", "2:25 tables.a.b.measures.v one of double" },
        { "streams:\n  s: { partitions: many }", "2:20 streams.s.partitions whole number" },
        { "streams:\n  s: { partitions: 0 }", "2:20 streams.s.partitions 1 to 256" },
        { "fleets:\n  f: { kind: boats, devices: -1 }", "2:14 fleets.f.kind cars, homes, wells|2:30 fleets.f.devices 1 to 20000" },
        { "flows:\n\ta: 1", "2:1 indented with a tab" },
        { "flows: [", "2:1 not YAML here" },
        { "flows: {}\n---\nflows: {}", "2:1 second document" },
        { "just words", "1:1 must be a map" },
        { "a: &x 1\nb: *x", "1:4 anchors" },
        { "flows: !!map {}", "1:8 tags" },
        { "? [a]\n: b", "1:3 a key must be a text" },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public void Each_mistake_is_told_with_its_place(string yaml, string expected)
    {
        Assert.False(PipelineReader.TryRead(Encoding.UTF8.GetBytes(yaml), out _, out var problems));
        var told = string.Join('\n', problems.Select(static p => $"{p.Line}:{p.Column} {p.Where}: {p.What}"));
        foreach (var one in expected.Split('|'))
            Assert.True(problems.Any(p => IsTold(p.ToString(), one)), $"expected {one}\ngot\n{told}");
    }

    [Fact]
    public void All_mistakes_of_a_file_are_told_at_once_and_in_order()
    {
        var yaml = """
            tables:
              fleet.x: { retention: soon, colour: red }
            flows:
              one:
                sql: ''
                to: { lake: { stream: '' } }
              two:
                sql: SELECT * FROM 'a'
                to: { nowhere: {} }
            """;
        PipelineReader.TryRead(Encoding.UTF8.GetBytes(yaml), out var pipeline, out var problems);
        Assert.Equal(
            ["2:tables.fleet.x.retention", "2:tables.fleet.x.colour", "5:flows.one.sql", "6:flows.one.to.lake.stream", "9:flows.two.to.nowhere"],
            problems.Select(static p => $"{p.Line}:{p.Where}"));
        Assert.Same(PipelineFile.Empty, pipeline);
    }

    /// <summary>The place, then words that the sentence holds.</summary>
    private static bool IsTold(string told, string expected)
    {
        var words = expected.Split(' ');
        return told.StartsWith(words[0] + ":", StringComparison.Ordinal) && words.Skip(1).All(word => told.Contains(word, StringComparison.Ordinal));
    }
}
