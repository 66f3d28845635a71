using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Flows.DeadLetters;
using Millrace.Flows.Options;
using Millrace.Flows.Running;
using Millrace.Flows.Steps;
using Millrace.Sql.Rules;
using Millrace.Testing.Flows;

namespace Millrace.Tests.Flows;

public sealed class FlowRunnerTests
{
    private readonly MemoryLog _source = new();
    private readonly MemoryLog _letters = new(DeadLetterLog.LogName);
    private readonly MemoryCheckpoints _checkpoints = new();
    private readonly ScriptedSink _sink = new();

    [Fact]
    public async Task What_a_rule_picks_is_written_and_the_rest_is_passed_over()
    {
        _source.Frame(("dt/a", """{"v":1}"""), ("other", """{"v":2}"""), ("dt/a", """{"v":9}"""));
        var status = await RunAsync("SELECT * FROM 'dt/+' WHERE v < 5", until: 3);
        Assert.Equal(["""{"v":1}"""], _sink.Written);
        Assert.Equal((3, 2, 1, 1), (status.Counts.Examined, status.Counts.PassedOver, status.Counts.Matched, status.Counts.Stored));
        Assert.True(status.Balanced);
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_becomes_a_dead_letter_and_the_rest_goes_on()
    {
        _source.Frame(("dt/a", "not json"), ("dt/a", """{"v":1}"""));
        var status = await RunAsync("SELECT v FROM 'dt/+'", until: 2);
        Assert.Equal(["""{"v":1}"""], _sink.Written);
        Assert.Equal((2, 1, 1), (status.Counts.Matched, status.Counts.Stored, status.Counts.DeadLettered));
        var letter = Assert.Single(new DeadLetterLog(_letters).Newest("f", 10));
        Assert.Equal(("f", 0, 0L, "dt/a", Fault.Unreadable), (letter.Flow, letter.Partition, letter.Offset, letter.Topic, letter.Fault));
        Assert.Equal("not json"u8.ToArray(), letter.Payload);
    }

    [Fact]
    public async Task What_the_sink_refuses_is_counted_once_and_kept_with_the_reason()
    {
        _sink.OnWrite = static (batch, outcomes) =>
        {
            outcomes.Absorbed(0);
            outcomes.Refuse(1, Fault.Refused, "no room");
        };
        _source.Frame(("dt/a", """{"v":1}"""), ("dt/a", """{"v":2}"""), ("dt/a", """{"v":3}"""));
        var status = await RunAsync("SELECT * FROM 'dt/+'", until: 3);
        Assert.Equal((1, 1, 1, 0), (status.Counts.Absorbed, status.Counts.Rejected, status.Counts.Stored, status.Counts.DeadLettered));
        Assert.Equal("no room", Assert.Single(new DeadLetterLog(_letters).Newest(null, 10)).Reason);
        Assert.True(status.Balanced);
    }

    [Fact]
    public async Task A_destination_that_is_away_gets_the_batch_again()
    {
        var failures = 2;
        _sink.OnWrite = (_, _) =>
        {
            if (failures-- > 0) throw new FaultException(Fault.Unavailable, "away");
        };
        _source.Frame(("dt/a", """{"v":1}"""));
        var status = await RunAsync("SELECT * FROM 'dt/+'", until: 1);
        Assert.Equal(3, _sink.Opened);
        Assert.Equal(1, status.Counts.Stored);
    }

    [Fact]
    public async Task A_flow_that_starts_over_counts_and_dead_letters_nothing_twice()
    {
        _source.Frame(("dt/a", "bad"), ("dt/a", """{"v":1}"""));
        _sink.Durable = static _ => null;
        await RunAsync("SELECT v FROM 'dt/+'", until: 2);

        _sink.Durable = static reached => reached;
        _source.Frame(("dt/a", """{"v":2}"""));
        var status = await RunAsync("SELECT v FROM 'dt/+'", until: 3);

        Assert.Equal((3, 2, 1), (status.Counts.Matched, status.Counts.Stored, status.Counts.DeadLettered));
        Assert.Single(new DeadLetterLog(_letters).Newest(null, 10));
    }

    [Fact]
    public async Task A_flow_that_was_stopped_goes_on_where_it_was()
    {
        _source.Frame(("dt/a", """{"v":1}"""));
        await RunAsync("SELECT * FROM 'dt/+'", until: 1);
        _source.Frame(("dt/a", """{"v":2}"""));
        await RunAsync("SELECT * FROM 'dt/+'", until: 2);
        Assert.Equal(["""{"v":1}""", """{"v":2}"""], _sink.Written);
        Assert.Equal([0L, 1L], _sink.Before.Select(static before => before.Offset));
    }

    [Fact]
    public async Task A_bug_in_a_sink_ends_its_flow_and_says_so()
    {
        _sink.OnWrite = static (_, _) => throw new InvalidOperationException("a bug");
        _source.Frame(("dt/a", """{"v":1}"""));
        using var runner = RunnerOf(Plan("SELECT * FROM 'dt/+'"));
        await runner.RunAsync(CancellationToken.None);
        Assert.Equal((FlowState.Failed, "a bug"), (runner.Status.State, runner.Status.Error));
        Assert.Equal(1, runner.Status.Lag);
    }

    [Fact]
    public async Task A_flow_that_begins_now_does_not_begin_later_when_its_destination_is_away()
    {
        _source.Frame(("dt/a", "before"));
        var away = true;
        _sink.OnWrite = (_, _) =>
        {
            if (!away) return;
            away = false;
            _source.Frame(("dt/a", "second"));
            throw new FaultException(Fault.Unavailable, "away");
        };
        var plan = Plan("SELECT * FROM 'dt/+'") with { StartAtOldest = false };
        using var stop = new CancellationTokenSource();
        using var runner = RunnerOf(plan);
        var running = runner.RunAsync(stop.Token);
        await _sink.ReachedAsync(1);
        _source.Frame(("dt/a", "first"));
        await _sink.ReachedAsync(3);
        await stop.CancelAsync();
        await running;
        Assert.Equal(["first", "second"], _sink.Written);
    }

    [Fact]
    public async Task What_retention_deleted_unread_is_counted()
    {
        _source.Frame(("dt/a", "1"));
        await RunAsync("SELECT * FROM 'dt/+'", until: 1);
        _source.Frame(("dt/a", "2"), ("dt/a", "3"));
        _source.Frame(("dt/a", "4"));
        _source.DropFrame();
        _source.DropFrame();
        var status = await RunAsync("SELECT * FROM 'dt/+'", until: 4);
        Assert.Equal(["1", "4"], _sink.Written);
        Assert.Equal((2, 2, 2), (status.Counts.Overtaken, status.Counts.Examined, status.Counts.Stored));
    }

    [Fact]
    public async Task A_sink_that_does_not_close_is_opened_again_all_the_same()
    {
        var away = true;
        _sink.OnWrite = (_, _) =>
        {
            if (away) throw new FaultException(Fault.Unavailable, "away");
        };
        _sink.OnClose = () =>
        {
            away = false;
            throw new IOException("the far side broke off");
        };
        _source.Frame(("dt/a", "1"));
        var status = await RunAsync("SELECT * FROM 'dt/+'", until: 1);
        Assert.Equal((FlowState.Stopped, 1), (status.State, status.Counts.Stored));
    }

    [Fact]
    public async Task A_position_past_the_end_of_the_source_is_another_log_and_ends_the_flow()
    {
        _checkpoints.Save("f:test/0", new Checkpoint(7, default));
        using var runner = RunnerOf(Plan("SELECT * FROM 'dt/+'"));
        await runner.RunAsync(CancellationToken.None);
        Assert.Equal(FlowState.Failed, runner.Status.State);
        Assert.Contains("stands at record 7", runner.Status.Error, StringComparison.Ordinal);
    }

    private async Task<FlowStatus> RunAsync(string sql, long until)
    {
        using var stop = new CancellationTokenSource();
        using var runner = RunnerOf(Plan(sql));
        var running = runner.RunAsync(stop.Token);
        await _sink.ReachedAsync(until);
        await stop.CancelAsync();
        await running;
        return runner.Status;
    }

    private FlowRunner RunnerOf(FlowPlan plan)
    {
        var services = Services();
        return new FlowRunner(plan, plan.Lanes[0], _source, services, services.DeadLetters);
    }

    private FlowPlan Plan(string sql)
    {
        Assert.True(RuleSql.TryCompile(sql, out var rule, out var error), error?.ToString());
        return new FlowPlan
        {
            Name = "f",
            Source = _source,
            Filter = new MessageFilter(rule.Filter, []),
            CreateSteps = () => [new SqlStep(rule, new RuleContext(TimeProvider.System))],
            Lanes = [Lane.To("f", _sink)],
            StartAtOldest = true,
            Retry = new RetryOptions { First = TimeSpan.FromMilliseconds(10) },
        };
    }

    private FlowServices Services() => new(
        new FlowRunnerOptions { Linger = TimeSpan.Zero, Gather = TimeSpan.Zero },
        _checkpoints, new DeadLetterLog(_letters), TimeProvider.System, new Random(1), NullLoggerFactory.Instance);
}
