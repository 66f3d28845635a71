using Millrace.Contracts;
using Millrace.Contracts.Records;
using Millrace.Flows.DeadLetters;
using Millrace.Flows.Options;
using Millrace.Flows.Running;
using Millrace.Testing.Flows;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Flows;

public sealed class DeadLetterLogTests
{
    private readonly MemoryLog _log = new(DeadLetterLog.LogName);

    [Fact]
    public async Task The_newest_come_first_and_a_flow_finds_its_own_far_back()
    {
        var letters = new DeadLetterLog(_log);
        await GiveUpAsync(letters, "rare", 0);
        for (var i = 0; i < 300; i++) await GiveUpAsync(letters, "often", i);
        Assert.Equal([299, 298, 297], letters.Newest(null, 3).Select(static letter => letter.Offset));
        Assert.Equal("rare", Assert.Single(letters.Newest("rare", 3)).Flow);
        Assert.Empty(letters.Newest("none", 3));
        Assert.Equal(301, letters.Count);
    }

    [Fact]
    public async Task What_a_flow_gives_up_again_after_a_start_is_here_once()
    {
        await GiveUpAsync(new DeadLetterLog(_log), "f", 4);
        var letters = new DeadLetterLog(_log);
        await GiveUpAsync(letters, "f", 4);
        await GiveUpAsync(letters, "f", 5);
        await GiveUpAsync(letters, "other", 4);
        Assert.Equal([("other", 4), ("f", 5), ("f", 4)], letters.Newest(null, 9).Select(static letter => (letter.Flow, letter.Offset)));
    }

    [Fact]
    public async Task A_flow_that_begins_anew_gives_up_anew()
    {
        var letters = new DeadLetterLog(_log);
        await GiveUpAsync(letters, "f", 9);
        letters.Forget("f:test");
        await GiveUpAsync(letters, "f", 2);
        Assert.Equal([2, 9], letters.Newest("f", 9).Select(static letter => letter.Offset));
    }

    [Fact]
    public async Task Several_records_of_one_message_are_all_kept_and_a_long_reason_is_cut()
    {
        var letters = new DeadLetterLog(_log);
        await GiveUpAsync(letters, "f", 1, "a", new string('x', 100_000));
        var found = letters.Newest("f", 9);
        Assert.Equal(["x", "a"], found.Select(static letter => letter.Reason[..1]));
        Assert.True(found[0].Reason.Length < 5000);
    }

    private static async Task GiveUpAsync(DeadLetterLog letters, string flow, long offset, params string[] reasons)
    {
        using var messages = new RecordBatch();
        messages.Add(new Record { Topic = "dt/a"u8, Payload = "bad"u8, Offset = offset });
        var failures = (reasons.Length == 0 ? ["bad"] : reasons).Select(static reason => new Failure(0, Fault.Unreadable, reason, InStatement: true));
        var lane = Lane.To(flow, new ScriptedSink());
        var plan = new FlowPlan
        {
            Name = flow,
            Source = new MemoryLog(),
            CreateSteps = static () => [],
            Lanes = [lane],
            StartAtOldest = true,
            Retry = new RetryOptions(),
        };
        await ((IFailureLog)letters).AppendAsync(plan, lane, 0, [.. failures], messages, CancellationToken.None);
    }
}
