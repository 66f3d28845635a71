using Millrace.Connectors.Lanes;
using Millrace.Contracts;
using Millrace.Contracts.Flows;

namespace Millrace.Tests.Connectors;

public sealed class LaneMemoryTests
{
    private readonly Outcomes _outcomes = new();

    [Fact]
    public void What_was_delivered_or_refused_is_settled_and_what_comes_after_it_is_not()
    {
        var memory = new LaneMemory();
        memory.Refused(new RecordPlace(7, 1), Fault.Refused, "no");
        memory.Delivered(new RecordPlace(8, 0));
        Assert.True(memory.IsSettled(new RecordPlace(7, 0), 0, _outcomes));
        Assert.Empty(_outcomes.Refusals);
        Assert.True(memory.IsSettled(new RecordPlace(7, 1), 5, _outcomes));
        Assert.Equal(new Refusal(5, Fault.Refused, "no"), Assert.Single(_outcomes.Refusals));
        Assert.False(memory.IsSettled(new RecordPlace(8, 1), 0, _outcomes));
    }

    [Fact]
    public void Records_without_a_place_in_a_log_are_never_taken_for_known_ones()
    {
        var memory = new LaneMemory();
        var place = RecordPlace.After(RecordPlace.None, Batches.From(-1, "a"), 0);
        memory.Delivered(place);
        Assert.False(memory.IsSettled(place, 0, _outcomes));
    }

    [Fact]
    public void Failures_count_in_a_row_for_one_record()
    {
        var memory = new LaneMemory();
        Assert.Equal([1, 2, 1], new[] { memory.Failed(new(3, 0)), memory.Failed(new(3, 0)), memory.Failed(new(4, 0)) });
    }

    [Fact]
    public void A_flow_that_is_added_anew_remembers_nothing()
    {
        var memories = new LaneMemories();
        var (first, second) = (new object(), new object());
        Assert.Same(memories.Of(first, "f/0"), memories.Of(first, "f/0"));
        Assert.NotSame(memories.Of(first, "f/0"), memories.Of(first, "f/1"));
        Assert.NotSame(memories.Of(first, "f/0"), memories.Of(second, "f/0"));
    }
}
