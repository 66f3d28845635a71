using System.Text;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Sinks;
using Millrace.Sql.Rules;
using Millrace.Testing.Flows;
using Millrace.Testing.Storage;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Flows;

public sealed class StreamOriginTests
{
    private readonly MemoryLog _source = new();
    private readonly MemoryLog _stream = new("out");
    private readonly StreamOrigins _origins = new(new MemoryDocuments());
    private readonly Outcomes _outcomes = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task What_is_carried_again_after_a_crash_stands_in_the_stream_once(int carriedBefore)
    {
        for (var i = 0; i < 5; i++) _source.Frame(("a", $"{i}.0"), ("a", $"{i}.1"));
        await CarryAsync("flow/0", 0, carriedBefore * 2);
        await CarryAsync("flow/0", 0, 10);
        await CarryAsync("flow/0", 4, 10);
        Assert.Equal(["0.0", "0.1", "1.0", "1.1", "2.0", "2.1", "3.0", "3.1", "4.0", "4.1"], _stream.Payloads());
    }

    [Fact]
    public async Task Lanes_do_not_take_the_records_of_others_for_theirs_and_one_that_is_made_anew_begins_anew()
    {
        _source.Frame(("a", "x"));
        await CarryAsync("one/0", 0, 1);
        await CarryAsync("other/0", 0, 1);
        await CarryAsync("one/0", 0, 1);
        Assert.Equal(["x", "x"], _stream.Payloads());
        _origins.Forget("one/0");
        await CarryAsync("one/0", 0, 1);
        Assert.Equal(["x", "x", "x"], _stream.Payloads());
    }

    [Fact]
    public async Task Of_several_records_from_one_message_those_are_put_that_are_missing()
    {
        _source.Frame(("a", "m"));
        await CarryAsync("flow/0", 0, 1, copies: 1);
        await CarryAsync("flow/0", 0, 1, copies: 3);
        Assert.Equal(["m", "m", "m"], _stream.Payloads());
        Assert.Single(_outcomes.AbsorbedRecords);
    }

    [Fact]
    public async Task A_record_that_goes_from_stream_to_stream_carries_one_mark()
    {
        _source.Frame(("a", "m"));
        await CarryAsync("flow/0", 0, 1);
        var further = new MemoryLog("further");
        await using var sink = Sink("next/0", further);
        using var batch = new RecordBatch();
        _stream.TryRead(0, batch);
        await sink.WriteAsync(batch, new Checkpoint(0, default), _outcomes, CancellationToken.None);
        using var arrived = new RecordBatch();
        further.TryRead(0, arrived);
        Assert.Equal(OriginMark.Size, arrived[0].Properties.Length);
        Assert.True(new MessageProperties(arrived[0].Properties) is var properties && !properties.Next());
    }

    [Fact]
    public async Task What_is_there_is_found_behind_many_records_of_others()
    {
        _source.Frame(("a", "first"), ("a", "second"));
        await CarryAsync("flow/0", 0, 2);
        for (var i = 0; i < 6000; i++) _stream.Frame(("b", "other"));
        await CarryAsync("flow/0", 1, 2);
        Assert.Equal(1, _stream.Payloads().Count(static one => one == "second"));
    }

    private StreamSink Sink(string lane, MemoryLog stream) => new(stream, null, new RuleContext(TimeProvider.System), null, () => _origins.OfAsync(lane));

    /// <summary>A life: all from one record to another, frame by frame, into a sink of its own.</summary>
    private async Task CarryAsync(string lane, long from, long to, int copies = 1)
    {
        await using var sink = Sink(lane, _stream);
        using var batch = new RecordBatch();
        using var made = new RecordBatch();
        for (var at = from; at < to; at = batch.Through)
        {
            batch.Clear();
            if (!_source.TryRead(at, batch)) return;
            made.ClearFor(batch);
            for (var i = 0; i < batch.Count && batch[i].Offset < to; i++)
                for (var copy = 0; copy < copies; copy++) made.AddView(batch, i, batch[i].Payload);
            await sink.WriteAsync(made, new Checkpoint(at, default), _outcomes, CancellationToken.None);
        }
    }
}
