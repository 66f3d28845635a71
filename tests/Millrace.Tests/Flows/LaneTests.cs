using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Flows.Running;
using Millrace.Testing.Flows;

namespace Millrace.Tests.Flows;

/// <summary>A flow with several destinations.</summary>
public sealed class LaneTests : IAsyncDisposable
{
    private readonly FlowBench _bench = new();
    private readonly ScriptedSink _first = new();
    private readonly ScriptedSink _second = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task One_that_is_away_holds_no_other()
    {
        _first.OnWrite = static (_, _) => throw new FaultException(Fault.Unavailable, "away");
        await _bench.Host.StartAsync(Plan(("a", _first), ("b", _second)));
        for (var i = 0; i < 5; i++) _bench.Source.Frame(("t", $"{i}"));
        await _second.ReachedAsync(5);
        Assert.Equal(["0", "1", "2", "3", "4"], _second.Written);
        Assert.Empty(_first.Written);
        Assert.Equal(["f:a", "f:b"], _bench.Host.Statuses.Select(static lane => lane.Name));
        Assert.All(_bench.Host.Statuses, static lane => Assert.Equal("f", lane.Flow));
        _first.OnWrite = static (_, _) => { };
        await _first.ReachedAsync(5);
        Assert.Equal(["0", "1", "2", "3", "4"], _first.Written);
    }

    [Fact]
    public async Task Each_has_its_own_dead_letters_and_the_statement_s_counts()
    {
        _first.OnWrite = static (_, outcomes) => outcomes.Refuse(0, Fault.Refused, "not here");
        await _bench.Host.StartAsync(Plan(("a", _first), ("b", _second)));
        _bench.Source.Frame(("t", """{"v":1}"""), ("t", """{"v":2}"""), ("other", "x"));
        await _first.ReachedAsync(3);
        await _second.ReachedAsync(3);
        await _bench.RestartAsync();
        var letter = Assert.Single(_bench.DeadLetters);
        Assert.Equal(("f", "f:a", "not here"), (letter.Flow, letter.Lane, letter.Reason));
        Assert.Equal((3, 2, 2, 1, 1), Of(_bench.Checkpoints.Load("f:a/0")!.Value.Counts));
        Assert.Equal((3, 2, 2, 2, 0), Of(_bench.Checkpoints.Load("f:b/0")!.Value.Counts));
        static (long, long, long, long, long) Of(FlowCounts counts) => (counts.Examined, counts.OnTopic, counts.Fired, counts.Stored, counts.Rejected);
    }

    [Fact]
    public async Task A_lane_that_is_added_begins_where_the_flow_stands()
    {
        await _bench.Host.StartAsync(Plan(("a", _first)));
        _bench.Source.Frame(("t", "0"));
        await _first.ReachedAsync(1);
        await _bench.Host.StartAsync(Plan(("a", _first), ("b", _second)));
        _bench.Source.Frame(("t", "1"));
        await _first.ReachedAsync(2);
        await _second.ReachedAsync(2);
        Assert.Equal(["0", "1"], _first.Written);
        Assert.Equal(["1"], _second.Written);
    }

    [Fact]
    public async Task A_destination_that_takes_the_place_of_another_begins_where_that_stood()
    {
        await _bench.Host.StartAsync(Plan(("a", _first)));
        _bench.Source.Frame(("t", "0"));
        await _first.ReachedAsync(1);
        await _bench.Host.StartAsync(Plan(("b", _second)), ["f:a"]);
        await _bench.Host.ForgetAsync(["f:a"], 1);
        _bench.Source.Frame(("t", "1"));
        await _second.ReachedAsync(2);
        Assert.Equal(["1"], _second.Written);
        Assert.Null(_bench.Checkpoints.Load("f:a/0"));
    }

    [Fact]
    public async Task A_lane_that_was_away_since_the_beginning_misses_nothing_after_a_restart()
    {
        _second.OnWrite = static (_, _) => throw new FaultException(Fault.Unavailable, "away");
        _bench.Source.Frame(("t", "0"));
        await _bench.Host.StartAsync(Plan(("a", _first), ("b", _second)));
        await _first.ReachedAsync(1);
        await _bench.RestartAsync();
        _second.OnWrite = static (_, _) => { };
        await _bench.Host.StartAsync(Plan(("a", _first), ("b", _second)));
        await _second.ReachedAsync(1);
        Assert.Equal(["0"], _second.Written);
        Assert.Equal(["0"], _first.Written);
    }

    [Fact]
    public async Task A_flow_that_is_not_enabled_keeps_its_place_and_goes_on_there()
    {
        await _bench.Host.StartAsync(Plan(("a", _first)));
        _bench.Source.Frame(("t", "0"));
        await _first.ReachedAsync(1);
        await _bench.Host.StartAsync(Plan(("a", _first)) with { Enabled = false });
        _bench.Source.Frame(("t", "1"), ("t", "2"));
        var resting = Assert.Single(_bench.Host.Statuses);
        Assert.Equal((FlowState.Stopped, 2, 1, false), (resting.State, resting.Lag, resting.Counts.Stored, resting.Replaying));
        await _bench.Host.StartAsync(Plan(("a", _first)));
        await _first.ReachedAsync(3);
        Assert.Equal(["0", "1", "2"], _first.Written);
    }

    [Fact]
    public async Task A_destination_that_is_away_gets_nothing_twice_of_what_was_done_when_written()
    {
        _first.IsDoneWhenWritten = true;
        var away = true;
        _first.OnWrite = (batch, _) =>
        {
            if (batch[0].Offset != 3 || !away) return;
            away = false;
            throw new FaultException(Fault.Unavailable, "away");
        };
        for (var i = 0; i < 5; i++) _bench.Source.Frame(("t", $"{i}"));
        await _bench.Host.StartAsync(Plan(("a", _first)));
        await _first.ReachedAsync(5);
        Assert.Equal(["0", "1", "2", "3", "4"], _first.Written);
    }

    private FlowPlan Plan(params (string Kind, ScriptedSink Sink)[] lanes) => _bench.Plan("SELECT * FROM 't'", lanes);
}
