using System.Text;
using Millrace.Flows.Options;
using Millrace.Server.Pipeline;
using Millrace.Tests.Tidy;

namespace Millrace.Tests.Server.Pipeline;

public sealed class WindowDocsTests
{
    public static TheoryData<string> Samples
    {
        get
        {
            var samples = new TheoryData<string>();
            foreach (var part in SourceTree.Read("docs/windows.md").Split("```yaml\n").Skip(1)) samples.Add(part[..part.IndexOf("```", StringComparison.Ordinal)]);
            return samples;
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void What_the_page_shows_can_be_applied(string yaml)
    {
        Assert.True(PipelineReader.TryRead(Encoding.UTF8.GetBytes(yaml), out var file, out var problems), string.Join('\n', problems));
        Assert.NotEmpty(file.Flows);
    }

    [Theory]
    [InlineData("window: { lateness: 10s }", "SELECT * FROM 'a'", "flows.f.window: belongs to a statement with GROUP BY")]
    [InlineData("window: { lateness: 40d }", Grouped, "flows.f.window.lateness: must be from 0s to 31d")]
    [InlineData("window: { idle: 1ms }", Grouped, "flows.f.window.idle: must be from 1s")]
    [InlineData("window: { maxGroups: 0 }", Grouped, "flows.f.window.maxGroups: must be from 1")]
    [InlineData("window: { late: nowhere }", Grouped, "flows.f.window.late: the stream 'nowhere' is not declared")]
    [InlineData("window: { time: { unit: s } }", Grouped, "flows.f.window.time.field: is missing")]
    [InlineData("window: { time: { field: a..b } }", Grouped, "flows.f.window.time.field: 'a..b' is no field")]
    [InlineData("window: { size: 1m }", Grouped, "flows.f.window.size: is unknown")]
    [InlineData("steps: [ { enrich: { with: a } } ]", "SELECT * FROM 'a'", "enrich.from: is missing")]
    [InlineData("steps: [ { enrich: { from: { file: x }, with: a } } ]", "SELECT * FROM 'a'", "must hold one of table, registry, shadow, collection")]
    [InlineData("steps: [ { enrich: { from: { table: ../x.csv, key: k }, with: a } } ]", "SELECT * FROM 'a'", "from.table: must name a file below")]
    [InlineData("steps: [ { enrich: { from: { table: x.parquet, key: k }, with: a } } ]", "SELECT * FROM 'a'", "must end in one of .csv")]
    [InlineData("steps: [ { enrich: { from: { registry: cars }, with: a } } ]", "SELECT * FROM 'a'", "'cars' is unknown")]
    [InlineData("steps: [ { enrich: { from: { collection: c }, with: '${nosuch(1)}' } } ]", "SELECT * FROM 'a'", "no function nosuch()")]
    [InlineData("steps: [ { enrich: { from: { collection: c }, with: a, fields: [x.a, y.a] } } ]", "SELECT * FROM 'a'", "two of them would be called 'a'")]
    [InlineData("steps: [ { enrich: { from: { collection: c }, with: a, missing: drop } } ]", "SELECT * FROM 'a'", "'drop' is unknown")]
    public void Mistakes_are_told_with_their_place(string line, string sql, string expected)
    {
        var yaml = $"flows:\n  f:\n    sql: {sql}\n    {line}\n    to: {{ live: }}\n";
        Assert.False(PipelineReader.TryRead(Encoding.UTF8.GetBytes(yaml), out _, out var problems), yaml);
        Assert.Contains(expected, string.Join('\n', problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Left_out_the_lateness_is_that_of_devices_where_they_give_the_time_and_none_for_arrivals()
    {
        Assert.Equal(0, new WindowOptions().LatenessNs);
        Assert.Equal(10_000_000_000, new WindowOptions { Time = new TimeOptions("t") }.LatenessNs);
    }

    private const string Grouped = "SELECT count(*) AS n FROM 'a' GROUP BY tumbling('1m')";
}
