using Millrace.Connectors.Redis;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Testing.Storage;
using Millrace.Tests.Storage;

namespace Millrace.Tests.Connectors;

public sealed class RedisSinkTests
{
    private readonly MemoryRedis _redis = new();
    private readonly MemoryDocuments _documents = new();
    private readonly Outcomes _outcomes = new();

    [Fact]
    public async Task Commands_of_a_batch_are_carried_out_in_order_for_each_record()
    {
        await using var sink = await OpenAsync();
        await sink.WriteAsync(Batches.From(0, "a", "b"), default, _outcomes, default);
        Assert.Equal("2", _redis.Keys["count"]);
        Assert.Equal("b", _redis.Keys["latest"]);
        Assert.Equal(["b", "a"], (List<string>)_redis.Keys["all"]);
        Assert.Equal(["a", "b"], _redis.Published);
        Assert.Empty(_outcomes.Refusals);
    }

    [Fact]
    public async Task A_batch_whose_answers_were_lost_is_not_carried_out_again()
    {
        var batch = Batches.From(0, "a", "b");
        await using (var sink = await OpenAsync())
        {
            (_redis.BreaksAfter, _redis.BreaksLate) = (0, true);
            Assert.Equal(Fault.Unavailable, (await Assert.ThrowsAsync<FaultException>(async () => await sink.WriteAsync(batch, default, _outcomes, default))).Fault);
        }

        await using var again = Sink();
        Assert.Equal(new Checkpoint(0, default), await again.OpenAsync(default));
        await again.WriteAsync(batch, default, _outcomes, default);
        Assert.Equal("2", _redis.Keys["count"]);
        Assert.Empty(_outcomes.Refusals);
    }

    [Fact]
    public async Task What_was_refused_in_a_batch_whose_answers_were_lost_is_refused_all_the_same()
    {
        _redis.Keys["all"] = "not a list";
        var batch = Batches.From(0, "a", "b");
        await using (var sink = await OpenAsync())
        {
            (_redis.BreaksAfter, _redis.BreaksLate) = (0, true);
            await Assert.ThrowsAsync<FaultException>(async () => await sink.WriteAsync(batch, default, _outcomes, default));
        }

        await using var again = await OpenAsync();
        await again.WriteAsync(batch, default, _outcomes, default);
        Assert.Equal([0, 1], _outcomes.Refusals.Select(static refusal => refusal.Index));
        Assert.Contains("WRONGTYPE", _outcomes.Refusals[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_counter_that_is_no_number_refuses_the_record_also_when_it_is_asked_later()
    {
        _redis.Keys["count"] = "ten";
        await using var sink = await OpenAsync();
        (_redis.BreaksAfter, _redis.BreaksLate) = (0, true);
        await Assert.ThrowsAsync<FaultException>(async () => await sink.WriteAsync(Batches.From(0, "a"), default, _outcomes, default));
        await using var again = await OpenAsync();
        await again.WriteAsync(Batches.From(0, "a"), default, _outcomes, default);
        Assert.Contains("not an integer", Assert.Single(_outcomes.Refusals).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_has_no_value_for_a_record_names_the_expression_and_touches_nothing()
    {
        await using var sink = await OpenAsync(new RedisAction(RedisVerb.Set, new TestText("car:$")));
        await sink.WriteAsync(Batches.From(0, "none", "b"), default, _outcomes, default);
        Assert.Equal(new Refusal(0, Fault.Unreadable, "set: the key: ${x} is Undefined"), Assert.Single(_outcomes.Refusals));
        Assert.Equal("b", _redis.Keys["car:b"]);
    }

    [Theory]
    [InlineData(RedisVerb.Incr, "1.5", "incr: by is not a whole number for this record")]
    [InlineData(RedisVerb.Zadd, "nan", "zadd: the score is not a number for this record")]
    public async Task A_number_that_is_none_refuses_its_record(RedisVerb verb, string detail, string reason)
    {
        await using var sink = await OpenAsync(new RedisAction(verb, new TestText("k")) { Detail = new TestText("$") });
        await sink.WriteAsync(Batches.From(0, detail), default, _outcomes, default);
        Assert.Equal(reason, Assert.Single(_outcomes.Refusals).Reason);
        Assert.DoesNotContain("k", _redis.Keys.Keys);
    }

    [Fact]
    public async Task A_lane_that_was_forgotten_begins_under_another_key()
    {
        var positions = new RedisPositions(_documents);
        var first = await positions.KeyOfAsync("f/0");
        Assert.Equal(first, await new RedisPositions(_documents).KeyOfAsync("f/0"));
        Assert.StartsWith("millrace:position:f/0:", first, StringComparison.Ordinal);
        positions.Forget("f/0");
        Assert.NotEqual(first, await positions.KeyOfAsync("f/0"));
    }

    [Theory, Seeds(200)]
    public async Task Whatever_breaks_and_whenever_each_record_counts_once_and_the_books_agree(int seed)
    {
        var random = new Random(seed);
        var frames = Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(1, 5)).ToArray();
        var total = frames.Sum();
        Checkpoint saved = default;
        var reached = saved;
        while (reached.Offset < total || _redis.BreaksAfter is not null)
        {
            _redis.BreaksAfter = random.Next(3) == 0 ? null : random.Next(5);
            _redis.BreaksLate = random.Next(2) == 0;
            try
            {
                await using var sink = Sink();
                reached = await sink.OpenAsync(default) ?? saved;
                while (reached.Offset < total)
                {
                    var (start, size) = FrameAt(frames, reached.Offset);
                    var batch = Batches.From(start, [.. Enumerable.Range((int)start, size).Select(static n => $"{n}")]);
                    await sink.WriteAsync(batch, reached, _outcomes, default);
                    reached = new Checkpoint(batch.Through, reached.Counts + new FlowCounts { Examined = size, Stored = size });
                    if (random.Next(2) == 0 && await sink.CommitAsync(reached, default) is { } durable && random.Next(2) == 0) saved = durable;
                    if (random.Next(6) == 0) break;
                }
            }
            catch (FaultException broken) when (broken.Fault == Fault.Unavailable)
            {
                reached = saved;
            }
        }

        Assert.Equal($"{total}", _redis.Keys["count"]);
        Assert.Equal(Enumerable.Range(0, total).Select(static n => $"{n}").Reverse(), (List<string>)_redis.Keys["all"]);
        Assert.Equal((total, total), (reached.Counts.Examined, reached.Counts.Stored));
        Assert.Empty(_outcomes.Refusals);
    }

    private static (long Start, int Size) FrameAt(int[] frames, long offset)
    {
        var start = 0L;
        foreach (var size in frames)
        {
            if (start == offset) return (start, size);
            start += size;
        }

        throw new InvalidOperationException($"no frame begins at {offset}");
    }

    private RedisSink Sink(params RedisAction[] actions)
    {
        var all = actions.Length > 0 ? actions : (RedisAction[])
        [
            new(RedisVerb.Incr, new TestText("count")), new(RedisVerb.Set, new TestText("latest")),
            new(RedisVerb.Lpush, new TestText("all")), new(RedisVerb.Publish, new TestText("channel")),
        ];
        return new RedisSink(new RedisTarget(new RedisAddress("memory", 1), all), new RedisPositions(_documents), "f/0", _redis.ConnectAsync);
    }

    private async Task<RedisSink> OpenAsync(params RedisAction[] actions)
    {
        var sink = Sink(actions);
        await sink.OpenAsync(default);
        return sink;
    }
}
