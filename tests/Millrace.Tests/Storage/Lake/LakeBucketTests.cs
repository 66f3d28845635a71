using Millrace.Contracts;
using Millrace.Contracts.Objects;
using Millrace.Storage.Lake;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Lake;

/// <summary>A lake in a bucket.</summary>
public sealed class LakeBucketTests
{
    private static readonly LakeOptions Options = new() { Stream = "telemetry", MaxBytes = ByteSize.KiB(1) };

    private readonly MemoryBucket _bucket = new();

    [Fact]
    public async Task Objects_are_named_as_files_and_a_replay_puts_the_same()
    {
        await RunAsync(_bucket);
        Assert.Equal("raw/telemetry/2021/03/06/07/cars-0-00000000000000000000-00000000000000000002.jsonl.gz", _bucket.Keys[0]);
        var again = new MemoryBucket();
        await RunAsync(again);
        Assert.Equal(_bucket.Keys, again.Keys);
        Assert.All(_bucket.Keys, key => Assert.Equal(_bucket[key], again[key]));
        await RunAsync(_bucket);
        Assert.Equal(_bucket.Keys, again.Keys);
    }

    [Fact]
    public async Task A_file_that_was_closed_when_idle_ends_in_the_same_place_on_a_replay()
    {
        var flow = new LakeFlow(_bucket, Options);
        await flow.OpenAsync();
        flow.Log(TimeSpan.Zero, "1");
        await flow.WriteAsync(0);
        await flow.IdleAsync();

        var again = new LakeFlow(_bucket, Options);
        again.Log(TimeSpan.Zero, "1");
        again.Log(TimeSpan.FromSeconds(1), "2");
        await again.OpenAsync();
        await again.RunAsync();
        await again.IdleAsync();
        Assert.Equal(["1", "2"], again.AllLines());
        Assert.Equal(2, again.Names.Count);
    }

    [Fact]
    public async Task Whatever_call_the_bucket_goes_away_with_each_record_is_in_one_object_once()
    {
        for (var calls = 1; calls < 30; calls++)
        {
            var bucket = new MemoryBucket();
            bucket.GoAwayAfter(calls);
            var flow = Logged(bucket);
            await flow.OpenAsync();
            for (var lives = 0; lives < 5; lives++)
            {
                try
                {
                    await flow.RunAsync();
                    await flow.IdleAsync();
                    break;
                }
                catch (FaultException away)
                {
                    Assert.Equal(Fault.Unavailable, away.Fault);
                    bucket.GoAwayAfter(lives == 0 ? calls : int.MaxValue);
                    bucket.Away = false;
                    await flow.OpenAsync();
                }
            }

            Assert.Equal(flow.AllPayloads(), flow.AllLines());
            Assert.Equal(flow.FrameAt(flow.Kept.Offset), flow.Frames);
        }
    }

    [Fact]
    public async Task An_object_that_is_refused_holds_the_records_back_and_gives_none_up()
    {
        _bucket.Changing = static _ => throw new FaultException(Fault.Refused, "EntityTooLarge");
        var flow = Logged(_bucket);
        await flow.OpenAsync();
        Assert.Equal(Fault.Unavailable, (await Assert.ThrowsAsync<FaultException>(() => flow.RunAsync())).Fault);
        _bucket.Changing = null;
        await flow.OpenAsync();
        await flow.RunAsync();
        await flow.IdleAsync();
        Assert.Equal(flow.AllPayloads(), flow.AllLines());
    }

    private static async Task RunAsync(MemoryBucket bucket)
    {
        var flow = Logged(bucket);
        await flow.OpenAsync();
        await flow.RunAsync();
        await flow.IdleAsync();
        Assert.Equal(flow.AllPayloads(), flow.AllLines());
    }

    private static LakeFlow Logged(MemoryBucket bucket)
    {
        var flow = new LakeFlow(bucket, Options);
        for (var frame = 0; frame < 10; frame++) flow.Log(TimeSpan.FromMinutes(7 * frame), $"{frame}", $"\"{new string('x', 600)}\"", $"[{frame}]");
        return flow;
    }
}
