using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contracts;
using Millrace.Flows.Options;
using Millrace.Server.Pipeline;
using Millrace.Server.Streams;
using Millrace.Storage.Log;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Server.Streams;

public sealed class StreamTests
{
    private readonly MemoryDisk _disk = new();
    private readonly MemoryDocuments _documents = new();
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Keys_go_where_Kinesis_puts_them_and_keep_their_order()
    {
        await using var rig = new Rig(this);
        var stream = await rig.Host.CreateAsync(new StreamOptions("s") { Partitions = 2 });
        StreamPutRecord[] records = [.. Enumerable.Range(0, 400).Select(i => Put($"sensor-{1 + (i % 2)}", $"{i}"))];
        var results = await StreamPut.RunAsync(stream, records, TestContext.Current.CancellationToken);
        Assert.All(results, (one, i) => Assert.Equal((1 - (i % 2), i / 2, null), (one.Partition, one.Offset, one.Problem)));
        var page = rig.Read(stream, 0, 0);
        Assert.Equal(Enumerable.Range(0, 200).Select(static i => $"{(i * 2) + 1}"), page.Records.Select(static one => Encoding.UTF8.GetString(one.Data)));
        Assert.All(page.Records, static one => Assert.Equal("sensor-2", one.Key));
    }

    [Fact]
    public async Task An_explicit_hash_key_finds_the_partition_and_the_key_is_kept()
    {
        await using var rig = new Rig(this);
        var stream = await rig.Host.CreateAsync(new StreamOptions("s") { Partitions = 2 });
        var results = await StreamPut.RunAsync(stream, [Put("sensor-1", "x", hash: 0)], TestContext.Current.CancellationToken);
        Assert.Equal(0, results[0].Partition);
        Assert.Equal("sensor-1", rig.Read(stream, 0, 0).Records.Single().Key);
    }

    [Fact]
    public async Task A_record_that_is_refused_keeps_no_other_away()
    {
        await using var rig = new Rig(this);
        var stream = await rig.Host.CreateAsync(new StreamOptions("s") { MaxRecordSize = ByteSize.KiB(1) });
        StreamPutRecord[] records = [Put("a", "1"), Put("", "2"), Put(new string('k', 257), "3"), Put("a", new string('x', 1024)), Put("a", "5")];
        var results = await StreamPut.RunAsync(stream, records, TestContext.Current.CancellationToken);
        Assert.Equal([true, false, false, false, true], results.Select(static one => one.Problem is null));
        Assert.Equal(["1", "5"], rig.Read(stream, 0, 0).Records.Select(static one => Encoding.UTF8.GetString(one.Data)));
    }

    [Theory]
    [InlineData("oldest", 0)]
    [InlineData("latest", 6)]
    [InlineData("at:2", 2)]
    [InlineData("after:2", 3)]
    [InlineData("4", 4)]
    [InlineData("6", 6)]
    [InlineData("2m", 4)]
    [InlineData("1h", 0)]
    [InlineData("0s", 6)]
    public async Task A_position_is_found_by_number_and_by_time(string text, long offset)
    {
        await using var rig = new Rig(this);
        var stream = await rig.Host.CreateAsync(new StreamOptions("s"));
        for (var i = 0; i < 6; i++)
        {
            await StreamPut.RunAsync(stream, [Put("a", $"{i}")], TestContext.Current.CancellationToken);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(offset, StreamPosition.Parse(text, _clock.GetUtcNow()).OffsetIn(stream.Log.Partitions[0]));
        Assert.Throws<FaultException>(() => StreamPosition.Parse("7", _clock.GetUtcNow()).OffsetIn(stream.Log.Partitions[0]));
        Assert.Throws<FaultException>(() => StreamPosition.Parse("yesterday-ish", _clock.GetUtcNow()));
    }

    [Fact]
    public async Task A_page_ends_at_its_limits_and_the_next_goes_on_there()
    {
        await using var rig = new Rig(this);
        var stream = await rig.Host.CreateAsync(new StreamOptions("s"));
        await StreamPut.RunAsync(stream, [.. Enumerable.Range(0, 50).Select(static i => Put("a", new string('x', 99)))], TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromSeconds(3));
        var page = rig.Read(stream, 0, 7, limit: 10);
        Assert.Equal((10, 7L, 17L, 3000L), (page.Records.Count, page.Records[0].Offset, page.Next, page.MillisBehind));
        Assert.Equal(5, rig.Read(stream, 0, 17, bytes: 500).Records.Count);
        Assert.Single(rig.Read(stream, 0, 17, bytes: 1).Records);
        Assert.Equal((33, 50L, 0L), rig.Read(stream, 0, 17) is var last ? (last.Records.Count, last.Next, last.MillisBehind) : default);
        Assert.Empty(rig.Read(stream, 0, 50).Records);
    }

    [Fact]
    public async Task Streams_and_consumers_survive_a_restart_and_go_with_the_stream()
    {
        await using (var rig = new Rig(this))
        {
            var stream = await rig.Host.CreateAsync(new StreamOptions("s") { Partitions = 2, Retention = TimeSpan.FromHours(5), MaxBytes = ByteSize.MiB(3) });
            await StreamPut.RunAsync(stream, [.. Enumerable.Range(0, 10).Select(static _ => Put("sensor-1", "x"))], TestContext.Current.CancellationToken);
            await rig.Consumers.CommitAsync(stream, "me", stream.Log.Partitions[1], 4);
            await rig.Host.AlterAsync("s", static one => one with { Retention = TimeSpan.FromHours(6) });
        }

        await using (var rig = new Rig(this))
        {
            rig.Host.Restore();
            var stream = rig.Host.Get("s");
            Assert.Equal(new StreamOptions("s") { Partitions = 2, Retention = TimeSpan.FromHours(6), MaxBytes = ByteSize.MiB(3) }, stream.Options);
            Assert.Equal(new LogRetention(TimeSpan.FromHours(6), ByteSize.MiB(3)), stream.Log.Partitions[0].Retention);
            _clock.Advance(TimeSpan.FromSeconds(2));
            var lag = ConsumerLag.Of(stream, rig.Consumers.Find("s", "me")!, _clock.GetUtcNow());
            Assert.Equal([(0L, 0L, 0L), (4, 6, 2000)], lag.Select(static one => (one.Position, one.Records, one.Millis)));
            Assert.True(lag[1].Bytes > 100);
            await rig.Host.DeleteAsync("s", [], force: false);
            Assert.Null(rig.Host.Find("s"));
            Assert.Empty(rig.Consumers.Of("s"));
        }

        await using var last = new Rig(this);
        last.Host.Restore();
        Assert.Empty(last.Host.List());
    }

    [Fact]
    public async Task What_a_consumer_has_done_does_not_come_undone_but_by_a_reset()
    {
        await using var rig = new Rig(this);
        var stream = await rig.Host.CreateAsync(new StreamOptions("s"));
        await StreamPut.RunAsync(stream, [Put("a", "1"), Put("a", "2"), Put("a", "3")], TestContext.Current.CancellationToken);
        await rig.Consumers.CommitAsync(stream, "me", stream.Log.Partitions[0], 2);
        await Assert.ThrowsAsync<FaultException>(() => rig.Consumers.CommitAsync(stream, "me", stream.Log.Partitions[0], 1));
        await Assert.ThrowsAsync<FaultException>(() => rig.Consumers.CommitAsync(stream, "me", stream.Log.Partitions[0], 4));
        await Assert.ThrowsAsync<FaultException>(() => rig.Consumers.CommitAsync(stream, "a/b", stream.Log.Partitions[0], 1));
        await rig.Consumers.ResetAsync(stream, "me", [(stream.Log.Partitions[0], 0)]);
        Assert.Equal(0, rig.Consumers.PositionOf("s", "me", 0));
    }

    [Fact]
    public async Task What_the_pipeline_file_declares_is_changed_there_and_stays_when_it_is_no_longer_in_it()
    {
        await using var rig = new Rig(this);
        rig.Host.Declare([new StreamOptions("s") { Partitions = 2 }]);
        await Assert.ThrowsAsync<FaultException>(() => rig.Host.AlterAsync("s", static one => one with { Retention = TimeSpan.FromHours(6) }));
        await Assert.ThrowsAsync<FaultException>(() => rig.Host.DeleteAsync("s", [], force: true));
        rig.Host.Declare([]);
        Assert.False(rig.Host.Get("s").IsOfPipeline);
        await Assert.ThrowsAsync<FaultException>(() => rig.Host.AlterAsync("s", static one => one with { Partitions = 3 }));
        await rig.Host.AlterAsync("s", static one => one with { Retention = TimeSpan.FromHours(6) });
        rig.Host.Declare([new StreamOptions("s") { Partitions = 2 }]);
        Assert.Equal(TimeSpan.FromDays(7), rig.Host.Get("s").Options.Retention);
    }

    [Fact]
    public async Task A_stream_that_a_flow_uses_is_not_deleted_unless_it_is_forced()
    {
        await using var rig = new Rig(this);
        await rig.Host.CreateAsync(new StreamOptions("s"));
        FlowOptions[] flows = [new() { Name = "writer", Sql = "SELECT * FROM 'a'", Sinks = [new StreamSinkOptions { Name = "s" }] }];
        var refused = await Assert.ThrowsAsync<FaultException>(() => rig.Host.DeleteAsync("s", flows, force: false));
        Assert.Contains("writer", refused.Message, StringComparison.Ordinal);
        await rig.Host.DeleteAsync("s", flows, force: true);
    }

    [Theory]
    [InlineData("ingress")]
    [InlineData("rule-errors")]
    [InlineData("a.b")]
    [InlineData("../x")]
    [InlineData("")]
    public async Task A_name_that_is_not_for_streams_is_refused(string name)
    {
        await using var rig = new Rig(this);
        Assert.Equal(Fault.Refused, (await Assert.ThrowsAsync<FaultException>(() => rig.Host.CreateAsync(new StreamOptions(name)))).Fault);
    }

    private static StreamPutRecord Put(string key, string text, UInt128? hash = null) => new(key, Encoding.UTF8.GetBytes(text), hash, null);

    private sealed class Rig : IAsyncDisposable
    {
        private readonly LogStore _logs;
        private readonly StreamTests _test;

        public Rig(StreamTests test)
        {
            _test = test;
            _logs = LogStore.Open(test._disk, new LogOptions(), test._clock, NullLogger.Instance);
            Consumers = new ConsumerStore(test._documents, test._clock);
            Host = new StreamHost(_logs, test._documents, Consumers, test._clock, NullLogger.Instance);
        }

        public ConsumerStore Consumers { get; }

        public StreamHost Host { get; }

        public StreamPage Read(StreamView stream, int partition, long from, int limit = 1000, long bytes = 1_000_000) =>
            StreamPage.Read(stream.Log.Partitions[partition], from, limit, bytes, _test._clock.GetUtcNow());

        public ValueTask DisposeAsync() => _logs.DisposeAsync();
    }
}
