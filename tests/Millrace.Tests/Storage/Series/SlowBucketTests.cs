using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Storage.Files;
using Millrace.Storage.Series;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Series;

/// <summary>Rows that are only in a bucket which takes its time: those who need them wait, and nobody else.</summary>
public sealed class SlowBucketTests : IDisposable
{
    private readonly string _root = Path.Combine(Path.GetTempPath(), $"millrace-bucket-{Guid.NewGuid():N}");
    private readonly MemoryBucket _bucket = new();
    private readonly SteppedClock _clock = new(DateTimeOffset.UnixEpoch.AddTicks(SeriesRig.Now / 100));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_late_record_waits_for_its_file_and_others_write_and_ask_meanwhile()
    {
        using var store = await WipedAsync(TimeSpan.FromMinutes(1));
        var (asked, open) = (new TaskCompletionSource(), new TaskCompletionSource());
        _bucket.Getting = _ =>
        {
            asked.TrySetResult();
            return open.Task;
        };
        var late = Task.Run(() => Write(store, "late/0", SeriesRig.Speed("car1", 99, SeriesRig.Now - SeriesRig.Second), SeriesRig.Speed("car1", 1, SeriesRig.Now - SeriesRig.Second, version: 2)), Stop);
        await asked.Task.WaitAsync(Stop);
        Assert.Empty((await Task.Run(() => Write(store, "new/0", SeriesRig.Speed("car1", 5, SeriesRig.Now + SeriesRig.Second)), Stop)).Refusals);
        using (var rows = await store.QueryAsync($"SELECT count(*) FROM fleet.telemetry WHERE time > '2026-06-01 00:00:00'", Stop)) Assert.Equal(1L, rows.Rows().Single()[0]);
        Assert.False(late.IsCompleted);

        open.SetResult();
        Assert.Equal([0], (await late).Refusals.Select(static refusal => refusal.Index));
        using (var all = await store.QueryAsync("SELECT count(*), max(\"measure_value::double\") FROM fleet.telemetry", Stop)) Assert.Equal((3L, 5.0), ((long)all.Rows().Single()[0]!, (double)all.Rows().Single()[1]!));
    }

    [Fact]
    public async Task Who_asks_is_told_when_the_bucket_takes_longer_than_a_query_may_and_finds_the_rows_later()
    {
        using var store = await WipedAsync(TimeSpan.FromMilliseconds(100));
        var open = new TaskCompletionSource();
        _bucket.Getting = _ => open.Task;
        var away = Assert.Throws<FaultException>(() => Write(store, "late/0", SeriesRig.Speed("car1", 99, SeriesRig.Now - SeriesRig.Second)));
        Assert.Equal(Fault.Unavailable, away.Fault);
        Assert.Contains("s3://memory has not yet delivered series/tables/", away.Message, StringComparison.Ordinal);
        open.SetResult();
        Assert.Single(Write(store, "late/0", SeriesRig.Speed("car1", 99, SeriesRig.Now - SeriesRig.Second)).Refusals);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static Outcomes Write(SeriesStore store, string flow, params Point[] points)
    {
        var batch = new Contracts.Tables.PointBatch();
        for (var i = 0; i < points.Length; i++) points[i].AddTo(batch, store, i);
        var outcomes = new Outcomes();
        store.Write(flow, batch, outcomes);
        store.Reached(flow, new Checkpoint(points.Length, default));
        return outcomes;
    }

    /// <summary>A store whose rows, of two cars just before now, are only in the bucket.</summary>
    private async Task<SeriesStore> WipedAsync(TimeSpan queryTime)
    {
        using (var first = Open("first", queryTime))
        {
            Write(first, "flow/0", SeriesRig.Speed("car1", 1, SeriesRig.Now - SeriesRig.Second), SeriesRig.Speed("car2", 2, SeriesRig.Now - (2 * SeriesRig.Second)));
            await first.MoveAsync(Stop);
        }

        return Open("second", queryTime);
    }

    private SeriesStore Open(string directory, TimeSpan queryTime)
    {
        var path = Path.Combine(_root, directory);
        return SeriesStore.Open(new FileDisk(path), path, new SeriesOptions { Threads = 1, QueryTime = queryTime }, _clock, new SeriesServices { Bucket = _bucket });
    }
}
