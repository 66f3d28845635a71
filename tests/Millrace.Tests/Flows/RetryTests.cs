using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Options;
using Millrace.Flows.Running;
using Millrace.Testing.Flows;

namespace Millrace.Tests.Flows;

/// <summary>A flow that gives a batch up after some tries.</summary>
public sealed class RetryTests : IAsyncDisposable
{
    private readonly FlowBench _bench = new();
    private readonly ScriptedSink _sink = new() { IsDoneWhenWritten = true };

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_single_message_is_tried_so_often_and_then_given_up()
    {
        var tries = 0;
        _sink.OnWrite = (batch, _) =>
        {
            if (batch[0].Offset != 0) return;
            tries++;
            throw new FaultException(Fault.Unavailable, "away");
        };
        _bench.Source.Frame(("t", "0"));
        _bench.Source.Frame(("t", "1"));
        await _bench.Host.StartAsync(Plan(attempts: 3));
        await _sink.ReachedAsync(2);
        Assert.Equal(3, tries);
        Assert.Equal(["1"], _sink.Written);
        var letter = Assert.Single(_bench.DeadLetters);
        Assert.Equal((Fault.Unavailable, "given up after 3 tries: away"), (letter.Fault, letter.Reason));
        Assert.Equal((1, 1), (_bench.Host.Statuses[0].Counts.Stored, _bench.Host.Statuses[0].Counts.Rejected));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_a_batch_only_what_fails_is_given_up(bool isDoneWhenWritten)
    {
        _sink.IsDoneWhenWritten = isDoneWhenWritten;
        _sink.OnWrite = static (batch, _) =>
        {
            for (var i = 0; i < batch.Count; i++)
                if (Encoding.UTF8.GetString(batch[i].Payload) is "13" or "14" or "77") throw new FaultException(Fault.Unavailable, "poison");
        };
        _bench.Source.Frame([.. Enumerable.Range(0, 100).Select(static i => ("t", $"{i}"))]);
        await _bench.Host.StartAsync(Plan(attempts: 2));
        await _sink.ReachedAsync(100);
        await FlowBench.Until(() => _bench.Letters.End == 3);
        Assert.Equal([77L, 14L, 13L], _bench.DeadLetters.Select(static letter => letter.Offset));
        Assert.Equal(97, _sink.Written.Distinct().Count());
        if (isDoneWhenWritten) Assert.Equal(97, _sink.Written.Count);
        await FlowBench.Until(() => _bench.Host.Statuses[0].Counts is { Stored: 97, Rejected: 3 });
        Assert.True(_bench.Host.Statuses[0].Balanced);
    }

    [Fact]
    public async Task A_destination_that_is_away_for_long_costs_few_tries_a_batch()
    {
        var tries = 0;
        _sink.OnWrite = (batch, _) =>
        {
            if (batch[0].Offset >= 1000) return;
            tries++;
            throw new FaultException(Fault.Unavailable, "away");
        };
        _bench.Source.Frame([.. Enumerable.Range(0, 1000).Select(static i => ("t", $"{i}"))]);
        _bench.Source.Frame(("t", "1000"));
        await _bench.Host.StartAsync(Plan(attempts: 2));
        await _sink.ReachedAsync(1001);
        Assert.InRange(tries, 10, 40);
        Assert.Equal(1000, _bench.Letters.End);
        Assert.Equal(["1000"], _sink.Written);
    }

    [Fact]
    public async Task A_destination_that_cannot_be_opened_loses_its_batches_one_by_one_to_the_dead_letters()
    {
        var opened = 0;
        var lane = Lane.To("f", _sink) with { CreateSink = (_, _) => ++opened <= 4 ? new Closed() : _sink.Open() };
        for (var i = 0; i < 3; i++) _bench.Source.Frame(("t", $"{i}"));
        await _bench.Host.StartAsync(Plan(attempts: 2) with { Lanes = [lane] });
        await _sink.ReachedAsync(3);
        Assert.Equal(["2"], _sink.Written);
        Assert.Equal([1L, 0L], _bench.DeadLetters.Select(static letter => letter.Offset));
    }

    [Fact]
    public async Task Without_a_number_it_is_tried_for_ever()
    {
        var tries = 0;
        _sink.OnWrite = (_, _) =>
        {
            if (++tries < 20) throw new FaultException(Fault.Unavailable, "away");
        };
        _bench.Source.Frame(("t", "0"));
        await _bench.Host.StartAsync(Plan(attempts: null));
        await _sink.ReachedAsync(1);
        Assert.Equal(["0"], _sink.Written);
        Assert.Empty(_bench.DeadLetters);
    }

    private FlowPlan Plan(int? attempts) => _bench.Plan("SELECT * FROM 't'", ("test", _sink)) with
    {
        Retry = new RetryOptions { First = TimeSpan.FromMilliseconds(1), Longest = TimeSpan.FromMilliseconds(1), Attempts = attempts },
    };

    private sealed class Closed : ISink
    {
        public ValueTask<Checkpoint?> OpenAsync(CancellationToken stop) => throw new FaultException(Fault.Unavailable, "closed");

        public ValueTask WriteAsync(RecordBatch batch, Checkpoint before, Outcomes outcomes, CancellationToken stop) => throw new InvalidOperationException();

        public ValueTask<Checkpoint?> CommitAsync(Checkpoint reached, CancellationToken stop) => throw new InvalidOperationException();

        public ValueTask DisposeAsync() => default;
    }
}
