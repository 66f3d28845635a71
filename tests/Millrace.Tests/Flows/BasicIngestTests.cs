using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.DeadLetters;
using Millrace.Flows.Options;
using Millrace.Flows.Running;
using Millrace.Flows.Sinks;
using Millrace.Flows.Steps;
using Millrace.Sql.Rules;
using Millrace.Testing.Flows;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Flows;

/// <summary>Messages that name their flow: <c>$aws/rules/{flow}/{rest}</c>.</summary>
public sealed class BasicIngestTests
{
    private readonly MemoryLog _source = new();
    private readonly MemoryLog _letters = new(DeadLetterLog.LogName);
    private readonly MemoryCheckpoints _checkpoints = new();

    [Fact]
    public void The_flow_that_is_named_gets_the_message_whatever_its_FROM_says() =>
        Assert.Equal(["{\"v\":1}"], Applied("f", "SELECT * FROM 'cms/telemetry/+'", ("$aws/rules/f/vin7", "{\"v\":1}")));

    [Fact]
    public void SELECT_and_WHERE_see_the_topic_behind_the_flow() =>
        Assert.Equal(
            ["""{"t":"a/b","second":"b"}"""],
            Applied("f", "SELECT topic() AS t, topic(2) AS second FROM 'x' WHERE v > 1", ("$aws/rules/f/a/b", "{\"v\":2}"), ("$aws/rules/f/a/c", "{\"v\":1}")));

    [Theory]
    [InlineData("#")]
    [InlineData("+/rules/f/a")]
    [InlineData("$aws/#")]
    [InlineData("a")]
    [InlineData("a/#")]
    public void No_other_flow_gets_it(string from)
    {
        string[] topics = ["$aws/rules/f/a", "$aws/rules/gg/a", "$aws/rules/G/a", "$aws/rules//a", "$aws/rules/"];
        Assert.Empty(Applied("g", $"SELECT * FROM '{from}'", [.. topics.Select(static topic => (topic, "1"))]));
    }

    [Fact]
    public void A_flow_that_reads_no_ingress_log_is_not_named() =>
        Assert.Empty(Applied("", "SELECT * FROM '#'", ("$aws/rules//a", "1"), ("$aws/rules/f/a", "2")));

    [Fact]
    public void Other_reserved_topics_are_matched_as_ever() =>
        Assert.Equal(["1"], Applied("f", "SELECT * FROM '$aws/events/#'", ("$aws/events/presence", "1"), ("$aws/rulesx/f/a", "2")));

    [Fact]
    public async Task A_stream_gets_the_topic_that_the_rule_saw()
    {
        var stream = new MemoryLog("s");
        await using var sink = new StreamSink(stream, null, new RuleContext(TimeProvider.System));
        using var batch = new RecordBatch();
        batch.Add(new Record { Topic = "$aws/rules/f/a/b"u8, Key = "device"u8, Payload = "1"u8 });
        await sink.WriteAsync(batch, default, new Outcomes(), CancellationToken.None);
        using var read = new RecordBatch();
        Assert.True(stream.TryRead(0, read));
        Assert.Equal("a/b", Encoding.UTF8.GetString(read[0].Topic));
    }

    [Fact]
    public async Task Messages_for_a_flow_that_is_not_there_are_counted_once_whoever_reads_them()
    {
        _source.Frame(("a", "1"), ("$aws/rules/f/a", "2"), ("$aws/rules/nobody/a", "3"), ("$aws/rules/no body/a", "4"));
        _source.Frame(("$aws/rules/nobody/b", "5"));
        var services = Services();
        services.Strays.Expect(["f"]);
        var status = await RunAsync(services, until: 5);
        _checkpoints.Remove("f:test/0");
        await RunAsync(services, until: 5);
        Assert.Equal(3, services.Strays.Count);
        Assert.Equal((5, 3, 2), (status.Counts.Examined, status.Counts.PassedOver, status.Counts.Matched));
        Assert.True(status.Balanced);
    }

    [Fact]
    public async Task The_count_goes_on_after_a_restart()
    {
        _source.Frame(("$aws/rules/nobody/a", "1"));
        await RunAsync(Services(), until: 1);
        _source.Frame(("$aws/rules/nobody/a", "2"));
        var later = Services();
        await RunAsync(later, until: 2);
        Assert.Equal(2, later.Strays.Count);
    }

    [Fact]
    public async Task What_was_not_saved_is_counted_again_from_where_the_saved_count_stands()
    {
        _source.Frame(("$aws/rules/nobody/a", "1"));
        await RunAsync(Services(), until: 1);
        using var frame = new RecordBatch();
        _source.Frame(("$aws/rules/nobody/a", "2"));
        Assert.True(_source.TryRead(1, frame));
        Services().Strays.Look(0, frame);
        var later = Services();
        await RunAsync(later, until: 2);
        Assert.Equal(2, later.Strays.Count);
    }

    private static IReadOnlyList<string> Applied(string flow, string sql, params (string Topic, string Payload)[] messages)
    {
        using var source = new RecordBatch();
        using var target = new RecordBatch();
        foreach (var (topic, payload) in messages)
            source.Add(new Record { Topic = Encoding.UTF8.GetBytes(topic), Payload = Encoding.UTF8.GetBytes(payload), ArrivalNs = 1 });
        target.ClearFor(source);
        var outcomes = new Outcomes();
        StepOf(flow, sql).Apply(source, target, outcomes);
        Assert.Empty(outcomes.Refusals);
        return [.. Enumerable.Range(0, target.Count).Select(i => Encoding.UTF8.GetString(target[i].Payload))];
    }

    private static SqlStep StepOf(string flow, string sql)
    {
        Assert.True(RuleSql.TryCompile(sql, out var rule, out var error), error?.ToString());
        return new SqlStep(rule!, new RuleContext(TimeProvider.System), new MessageFilter(rule!.Filter, Encoding.UTF8.GetBytes(flow)));
    }

    private async Task<FlowStatus> RunAsync(FlowServices services, long until)
    {
        var sink = new ScriptedSink();
        var plan = new FlowPlan
        {
            Name = "f",
            Source = _source,
            ReadsIngress = true,
            CreateSteps = static () => [StepOf("f", "SELECT * FROM '#'")],
            Lanes = [Lane.To("f", sink)],
            StartAtOldest = true,
            Retry = new RetryOptions { First = TimeSpan.FromMilliseconds(10) },
        };
        using var stop = new CancellationTokenSource();
        using var runner = new FlowRunner(plan, plan.Lanes[0], _source, services, services.DeadLetters);
        var running = runner.RunAsync(stop.Token);
        await sink.ReachedAsync(until);
        await stop.CancelAsync();
        await running;
        return runner.Status;
    }

    private FlowServices Services() => new(
        new FlowRunnerOptions { Linger = TimeSpan.Zero, Gather = TimeSpan.Zero },
        _checkpoints, new DeadLetterLog(_letters), TimeProvider.System, new Random(1), NullLoggerFactory.Instance);
}
