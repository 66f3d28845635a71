using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Running;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Flows;

public sealed class BatchTallyTests : IDisposable
{
    private readonly RecordBatch _messages = new();
    private readonly RecordBatch _records = new();
    private readonly Outcomes _outcomes = new();
    private readonly BatchTally _tally = new();

    public void Dispose()
    {
        _messages.Dispose();
        _records.Dispose();
    }

    [Fact]
    public void A_message_counts_once_for_the_worst_that_happened_to_its_records()
    {
        Messages(4);
        Split(0, 0, 1, 1, 2, 2);
        _outcomes.Absorbed(0);
        _outcomes.Absorbed(2);
        _outcomes.Absorbed(3);
        _outcomes.Refuse(4, Fault.Refused, "");
        _outcomes.Refuse(5, Fault.Unreadable, "");
        _tally.Delivered(_records, _outcomes);
        var counts = _tally.Settle(_messages.Count);
        Assert.Equal(
            new FlowCounts
            {
                Examined = 4,
                OnTopic = 4,
                PassedOver = 1,
                Matched = 3,
                Stored = 1,
                Absorbed = 1,
                DeadLettered = 1,
                Records = 6,
                RecordsStored = 1,
                RecordsAbsorbed = 3,
                RecordsRejected = 1,
                RecordsDeadLettered = 1,
            },
            counts);
    }

    [Fact]
    public void A_record_named_twice_counts_once()
    {
        Messages(1);
        Split(0);
        _outcomes.Refuse(0, Fault.Refused, "first");
        _outcomes.Refuse(0, Fault.Unreadable, "second");
        _tally.Delivered(_records, _outcomes);
        var counts = _tally.Settle(_messages.Count);
        Assert.Equal((1, 1, 0), (counts.Records, counts.Rejected, counts.DeadLettered));
    }

    [Fact]
    public void What_a_step_refused_is_dead_lettered_beside_what_was_stored()
    {
        Messages(2);
        _tally.Refused(_messages, 1);
        Split(0, 0);
        _tally.Delivered(_records, _outcomes);
        var counts = _tally.Settle(_messages.Count);
        Assert.Equal((2, 1, 1, 3), (counts.Matched, counts.Stored, counts.DeadLettered, counts.Records));
    }

    private void Messages(int count)
    {
        for (var i = 0; i < count; i++) _messages.Add(new Record { Payload = "{}"u8 });
        _tally.Begin(_messages);
    }

    private void Split(params int[] origins)
    {
        _records.ClearFor(_messages);
        foreach (var origin in origins) _records.AddView(_messages, origin, "x"u8);
    }
}
