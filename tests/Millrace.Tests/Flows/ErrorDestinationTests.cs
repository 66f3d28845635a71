using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Flows.Running;
using Millrace.Testing.Flows;

namespace Millrace.Tests.Flows;

/// <summary>What a flow's error destination is told.</summary>
public sealed class ErrorDestinationTests : IAsyncDisposable
{
    private readonly FlowBench _bench = new();
    private readonly ScriptedSink _first = new();
    private readonly ScriptedSink _second = new();
    private readonly ScriptedSink _errors = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task One_message_tells_of_all_that_failed()
    {
        _first.OnWrite = static (_, outcomes) => outcomes.Refuse(0, Fault.Refused, "too hot");
        _second.OnWrite = static (_, outcomes) => outcomes.Refuse(0, Fault.Unreadable, "no \"key\"");
        await _bench.Host.StartAsync(Plan("SELECT * FROM 'dt/+'"));
        _bench.Source.Frame(("dt/a", """{"v":1}"""), ("dt/b", """{"v":2}"""));
        await ToldAsync(1);
        var told = Told(0);
        Assert.True(Guid.TryParse(told.GetProperty("cloudwatchTraceId").GetString(), out _));
        Assert.Equal(
            """{"ruleName":"f","topic":"dt/a","cloudwatchTraceId":"#","clientId":"device","base64OriginalPayload":"eyJ2IjoxfQ==","failures":[{"failedAction":"aAction","failedResource":"nowhere","errorMessage":"too hot"},{"failedAction":"bAction","failedResource":"nowhere","errorMessage":"no \"key\""}]}""",
            _errors.Written[0].Replace(told.GetProperty("cloudwatchTraceId").GetString()!, "#", StringComparison.Ordinal));
        Assert.Empty(_bench.DeadLetters);
        Assert.Equal(["f:a", "f:b", "f:error"], _bench.Host.Statuses.Select(static lane => lane.Name));
        Assert.Equal([1L, 1L, 0L], _bench.Host.Statuses.Select(static lane => lane.Counts.Rejected + lane.Counts.DeadLettered));
    }

    [Fact]
    public async Task A_statement_that_fails_is_one_failure_whatever_number_of_destinations_there_is()
    {
        await _bench.Host.StartAsync(Plan("SELECT v FROM 'dt/+'"));
        _bench.Source.Frame(("dt/a", "not json"), ("dt/a", """{"v":1}"""));
        await ToldAsync(1);
        var failure = Assert.Single(Told(0).GetProperty("failures").EnumerateArray());
        Assert.Equal(("SQL", "f"), (failure.GetProperty("failedAction").GetString(), failure.GetProperty("failedResource").GetString()));
        Assert.Equal(["""{"v":1}"""], _first.Written);
    }

    [Fact]
    public async Task A_condition_that_is_not_holdsis_no_error()
    {
        await _bench.Host.StartAsync(Plan("SELECT v FROM 'dt/+' WHERE v > 1"));
        _bench.Source.Frame(("dt/a", """{"v":1}"""), ("dt/b", "not json"));
        await ToldAsync(1);
        Assert.Equal("dt/b", Told(0).GetProperty("topic").GetString());
        Assert.Single(_errors.Written);
    }

    [Fact]
    public async Task Nothing_is_told_before_every_destination_has_passed_the_message()
    {
        _first.OnWrite = static (_, outcomes) => outcomes.Refuse(0, Fault.Refused, "first");
        _second.OnWrite = static (_, _) => throw new FaultException(Fault.Unavailable, "away");
        await _bench.Host.StartAsync(Plan("SELECT * FROM 'dt/+'"));
        _bench.Source.Frame(("dt/a", "1"));
        await _first.ReachedAsync(1);
        await _bench.RestartAsync();
        Assert.Empty(_errors.Written);

        _second.OnWrite = static (_, outcomes) => outcomes.Refuse(0, Fault.Refused, "second");
        await _bench.Host.StartAsync(Plan("SELECT * FROM 'dt/+'"));
        await ToldAsync(1);
        Assert.Equal(2, Told(0).GetProperty("failures").GetArrayLength());
        await _bench.RestartAsync();
        await _bench.Host.StartAsync(Plan("SELECT * FROM 'dt/+'"));
        _bench.Source.Frame(("dt/b", "2"));
        await ToldAsync(2);
        Assert.Equal(["dt/a", "dt/b"], Enumerable.Range(0, 2).Select(i => Told(i).GetProperty("topic").GetString()));
    }

    [Fact]
    public async Task What_failed_is_told_after_a_crash_between_any_two_writes()
    {
        _first.OnWrite = static (_, outcomes) => outcomes.Refuse(0, Fault.Refused, "refused");
        await _bench.Host.StartAsync(Plan("SELECT * FROM 'dt/+'"));
        _bench.Source.Frame(("dt/a", "1"));
        await ToldAsync(1);
        await _bench.RestartAsync();

        for (var written = 1; written <= _bench.Errors.End; written++)
        {
            // The log as it was after so many writes; the checkpoints as of before them.
            await using var later = new FlowBench();
            using var records = new Contracts.Records.RecordBatch();
            for (var at = 0; at < written; at++) _bench.Errors.TryRead(at, records);
            for (var i = 0; i < records.Count; i++) later.Errors.TryAppend(records[i], null, out _);
            later.Checkpoints.Save("f:error/0", new Checkpoint(0, default));
            later.Source.Frame(("dt/a", "1"));
            var errors = new ScriptedSink();
            await later.Host.StartAsync(later.Plan("SELECT * FROM 'dt/+'", ("a", _first), ("b", new ScriptedSink())) with { ErrorLane = Lane.To("f", errors, "error", false) });
            await FlowBench.Until(() => errors.Written.Count > 0);
            Assert.Contains("refused", errors.Written[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_message_that_fails_only_when_it_comes_again_is_told_too()
    {
        var first = true;
        _first.Durable = static _ => null;
        _first.OnWrite = (batch, outcomes) =>
        {
            if (batch[0].Offset == (first ? 1 : 0)) outcomes.Refuse(0, Fault.Refused, "refused");
        };
        await _bench.Host.StartAsync(Plan("SELECT * FROM 'dt/+'"));
        _bench.Source.Frame(("dt/a", "0"));
        _bench.Source.Frame(("dt/b", "1"));
        await ToldAsync(1);
        await _bench.RestartAsync();
        first = false;
        await _bench.Host.StartAsync(Plan("SELECT * FROM 'dt/+'"));
        await ToldAsync(2);
        Assert.Equal(["dt/b", "dt/a"], Enumerable.Range(0, 2).Select(i => Told(i).GetProperty("topic").GetString()));
    }

    [Fact]
    public async Task What_the_error_destination_refuses_is_a_dead_letter()
    {
        _first.OnWrite = static (_, outcomes) => outcomes.Refuse(0, Fault.Refused, "first");
        _errors.OnWrite = static (_, outcomes) => outcomes.Refuse(0, Fault.Refused, "neither");
        await _bench.Host.StartAsync(Plan("SELECT * FROM 'dt/+'"));
        _bench.Source.Frame(("dt/a", "1"));
        await FlowBench.Until(() => _bench.Letters.End == 1);
        var letter = Assert.Single(_bench.DeadLetters);
        Assert.Equal(("f", "f:error", "neither"), (letter.Flow, letter.Lane, letter.Reason));
    }

    [Fact]
    public async Task What_was_not_told_becomes_dead_letters_when_the_flow_has_no_error_destination_any_more()
    {
        _first.OnWrite = static (_, outcomes) => outcomes.Refuse(0, Fault.Refused, "first");
        _second.OnWrite = static (_, _) => throw new FaultException(Fault.Unavailable, "away");
        await _bench.Host.StartAsync(Plan("SELECT * FROM 'dt/+'"));
        _bench.Source.Frame(("dt/a", "1"));
        await _first.ReachedAsync(1);
        await _bench.Host.StartAsync(Plan("SELECT * FROM 'dt/+'") with { ErrorLane = null });
        var letter = Assert.Single(_bench.DeadLetters);
        Assert.Equal(("f:a", "dt/a", "first", 0L), (letter.Lane, letter.Topic, letter.Reason, letter.Offset));
    }

    private FlowPlan Plan(string sql) =>
        _bench.Plan(sql, ("a", _first), ("b", _second)) with { ErrorLane = Lane.To("f", _errors, "error", isOnlyOne: false) };

    private Task ToldAsync(int messages) => FlowBench.Until(() => _errors.Written.Count >= messages);

    private JsonElement Told(int message) => JsonDocument.Parse(_errors.Written[message]).RootElement;
}
