using System.Text;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Flows.Live;
using Millrace.Flows.Options;
using Millrace.Flows.Sinks;
using Millrace.Sql.Rules;
using Millrace.Testing.Flows;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Flows;

public sealed class SinkTests : IDisposable
{
    private readonly RecordBatch _batch = new();
    private readonly Outcomes _outcomes = new();

    public void Dispose() => _batch.Dispose();

    [Fact]
    public async Task Points_go_to_the_table_a_template_names_and_the_store_is_told_how_far_the_flow_was()
    {
        var store = new MemorySeries();
        await using var sink = Series(store, "sites.${site}");
        await WriteAsync(sink, 40, """{"site":"a","name":"x","value":1}""", """{"site":"b","name":"x","value":2}""");
        await sink.CommitAsync(new Checkpoint(42, default), CancellationToken.None);
        Assert.Equal(["sites.a [x] | value=1 @5", "sites.b [x] | value=2 @5"], store.Written);
        Assert.Equal([40, 42], store.Reached);
        Assert.Equal(1, store.Shown);
    }

    [Fact]
    public async Task A_table_that_cannot_be_is_the_fault_of_its_record_alone()
    {
        var store = new MemorySeries { RefusedDatabase = "main" };
        await using var sink = Series(store, "${site}.t");
        await WriteAsync(sink, 0, """{"site":"main","name":"x","value":1}""", """{"site":"a b","name":"x","value":1}""", """{"name":"x","value":1}""", """{"site":"c","name":"x","value":1}""");
        Assert.Equal(["c.t [x] | value=1 @5"], store.Written);
        Assert.Equal([0, 1, 2], _outcomes.Refusals.Select(static refusal => refusal.Index));
        Assert.Equal("no database main", _outcomes.Refusals[0].Reason);
    }

    [Fact]
    public async Task A_stream_gets_the_records_in_order_under_the_key_a_template_names()
    {
        var stream = new MemoryLog("alarms");
        await using var sink = new StreamSink(stream, Compiled("${vin}"), Context());
        await WriteAsync(sink, 0, """{"vin":"1"}""", """{"no":1}""", """{"vin":"2"}""");
        Assert.Equal(["""{"vin":"1"}""", """{"vin":"2"}"""], stream.Payloads());
        Assert.Equal((1, Fault.Unreadable), Assert.Single(_outcomes.Refusals) is var refusal ? (refusal.Index, refusal.Fault) : default);
        using var read = new RecordBatch();
        Assert.True(stream.TryRead(1, read));
        Assert.Equal("2"u8.ToArray(), read[0].Key.ToArray());
    }

    [Fact]
    public async Task A_record_the_stream_will_not_have_is_refused_and_the_others_go_on()
    {
        var stream = new MemoryLog("alarms") { MaxPayload = 4 };
        await using var sink = new StreamSink(stream, null, Context());
        await WriteAsync(sink, 0, "a", "too large", "b");
        Assert.Equal(["a", "b"], stream.Payloads());
        Assert.Equal((1, Fault.Refused), Assert.Single(_outcomes.Refusals) is var refusal ? (refusal.Index, refusal.Fault) : default);
    }

    [Fact]
    public async Task What_cannot_be_published_is_refused_and_the_others_go_on()
    {
        var publisher = new Publisher();
        await using var sink = new RepublishSink(publisher, new RepublishSinkOptions { Topic = "cmd/${vin}" }, Compiled("cmd/${vin}"), null, Context());
        await WriteAsync(sink, 0, """{"vin":"1"}""", """{"vin":"#"}""", "{}", """{"vin":"4"}""");
        Assert.Equal(["cmd/1", "cmd/4"], publisher.Topics);
        Assert.Equal([(1, Fault.Refused), (2, Fault.Unreadable)], _outcomes.Refusals.Select(static r => (r.Index, r.Fault)).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_published_is_retained_where_the_options_say_so(bool retain)
    {
        var publisher = new Publisher();
        await using var sink = new RepublishSink(publisher, new RepublishSinkOptions { Topic = "last", Retain = retain }, Compiled("last"), null, Context());
        await WriteAsync(sink, 0, "1");
        Assert.Equal([retain], publisher.Retained);
    }

    [Fact]
    public async Task The_live_view_counts_over_partitions_and_starts_and_recalls_the_last_message()
    {
        var feed = new LiveFeed();
        var source = new MemoryLog();
        source.Frame(("dt/a", "old"), ("dt/b", "last"));
        await using var first = new LiveSink(feed, "live/0", source, static () => []);
        await using var second = new LiveSink(feed, "live/1", new MemoryLog(), static () => []);
        await first.OpenAsync(CancellationToken.None);
        Assert.Equal(("dt/b", 0), (feed.Last?.Topic, feed.Messages));

        var before = new Checkpoint(10, new FlowCounts { RecordsStored = 10 });
        await first.CommitAsync(before, CancellationToken.None);
        await second.CommitAsync(before, CancellationToken.None);
        await WriteAsync(first, 10, "new");
        await using var again = new LiveSink(feed, "live/0", source, static () => []);
        await again.CommitAsync(new Checkpoint(11, new FlowCounts { RecordsStored = 11 }), CancellationToken.None);
        Assert.Equal((21, 1), (feed.Messages, feed.Passed));
    }

    private static SeriesSink Series(MemorySeries store, string table) => new(
        store, new PointMapper(new SeriesSinkOptions { Table = table, Measure = new SingleMeasure("name", "value") }), "f/0", Compiled(table), Context());

    private static Template Compiled(string template)
    {
        Assert.True(Template.TryCompile(template, out var compiled, out var error), error?.ToString());
        return compiled!;
    }

    private static RuleContext Context() => new(TimeProvider.System);

    private async Task WriteAsync(ISink sink, long before, params string[] payloads)
    {
        _batch.Clear();
        _outcomes.Clear();
        foreach (var payload in payloads)
            _batch.Add(new Record { Topic = "dt/a"u8, Key = "device"u8, Payload = Encoding.UTF8.GetBytes(payload), ArrivalNs = 5 });
        await sink.WriteAsync(_batch, new Checkpoint(before, default), _outcomes, CancellationToken.None);
    }

    private sealed class Publisher : IPublisher
    {
        public List<string> Topics { get; } = [];

        public List<bool> Retained { get; } = [];

        public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, int qos, bool retain, PublishProperties? properties, CancellationToken stop)
        {
            if (topic.Contains('#', StringComparison.Ordinal))
                return ValueTask.FromException(new FaultException(Fault.Refused, "a wildcard"));
            Topics.Add(topic);
            Retained.Add(retain);
            return default;
        }
    }
}
