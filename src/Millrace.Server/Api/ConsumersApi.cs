using Millrace.Server.Streams;

namespace Millrace.Server.Api;

/// <summary><c>/api/v1/streams/{name}/consumers</c></summary>
internal static class ConsumersApi
{
    public static void MapConsumers(this RouteGroupBuilder group, StreamHost streams, ConsumerStore consumers, TimeProvider clock)
    {
        group.MapGet("/{name}/consumers", (string name) => Refusals.OrNotFound(
                streams.Find(name) is { } stream ? new ConsumersAnswer(AnswersOf(stream, consumers, clock)) : null, $"stream {name}"))
            .Produces<ConsumersAnswer>().Produces<ErrorAnswer>(404).WithSummary("The named consumers of a stream, and how far behind each is");
        group.MapPut("/{name}/consumers/{consumer}", async (string name, string consumer, ConsumerRequest asked) =>
            {
                var stream = streams.Get(name);
                var from = StreamPosition.Parse(asked.From, clock.GetUtcNow());
                var partitions = asked.Partition is { } one ? [StreamRecordsApi.PartitionOf(stream.Log, one)] : stream.Log.Partitions;
                await consumers.ResetAsync(stream, consumer, partitions.Select(partition => (partition, Math.Max(partition.Start, from.OffsetIn(partition)))));
                return AnswerOf(stream, consumer, consumers.Find(name, consumer)!, clock);
            })
            .Produces<ConsumerAnswer>().Produces<ErrorAnswer>(400).WithSummary("Makes a consumer, or sets it back or forth");
        group.MapPost("/{name}/consumers/{consumer}/commit", async (string name, string consumer, CommitRequest asked) =>
            {
                var stream = streams.Get(name);
                var partition = StreamRecordsApi.PartitionOf(stream.Log, asked.Partition);
                await consumers.CommitAsync(stream, consumer, partition, StreamsApi.OffsetOf(asked.SequenceNumber) + 1);
                return Results.NoContent();
            })
            .Produces(204).Produces<ErrorAnswer>(400).WithSummary("A consumer has done all records of a partition up to one; answered when that is on disk");
        group.MapDelete("/{name}/consumers/{consumer}", async (string name, string consumer) =>
                Refusals.OrNotFound(await consumers.RemoveAsync(name, consumer), $"consumer {consumer} of stream {name}"))
            .Produces(204).Produces<ErrorAnswer>(404).WithSummary("Forgets a consumer");
    }

    public static IReadOnlyList<ConsumerAnswer> AnswersOf(StreamView stream, ConsumerStore consumers, TimeProvider clock) =>
        [.. consumers.Of(stream.Options.Name).Select(one => AnswerOf(stream, one.Name, one.Consumer, clock))];

    private static ConsumerAnswer AnswerOf(StreamView stream, string name, StoredConsumer consumer, TimeProvider clock)
    {
        var lags = ConsumerLag.Of(stream, consumer, clock.GetUtcNow());
        return new ConsumerAnswer(
            name,
            lags.Sum(static lag => lag.Records),
            lags.Sum(static lag => lag.Bytes),
            lags.Max(static lag => lag.Millis),
            lags.Max(static lag => lag.Progress),
            [.. lags.Select(static lag => new ConsumerPositionAnswer(lag.Partition, StreamsApi.Text(lag.Position), lag.Records, lag.Bytes, lag.Millis, lag.Progress))]);
    }
}
