using System.Text;
using Confluent.Kafka;
using Millrace.Connectors.Kafka;
using Millrace.Connectors.Lanes;

namespace Millrace.Tests.Connectors;

public sealed class KafkaTests
{
    private static readonly KafkaTarget Target = new() { Topic = new TestText("cars"), Properties = [], Servers = "k:9092" };

    [Fact]
    public void A_message_has_what_the_templates_make_of_its_record()
    {
        var target = Target with { Topic = new TestText("cars-$"), Key = new TestText("key $"), Partition = new TestText("$"), Headers = [new("h", new TestText("v $"))] };
        Assert.Null(Make(target, "3", out var where, out var message));
        Assert.Equal(("cars-3", 3), (where.Topic, where.Partition.Value));
        Assert.Equal(("key 3", "3", "v 3"), (Text(message.Key!), Text(message.Value), Text(message.Headers.GetLastBytes("h"))));
    }

    [Fact]
    public void Without_key_and_partition_the_client_chooses()
    {
        Assert.Null(Make(Target, "x", out var where, out var message));
        Assert.Equal(Partition.Any, where.Partition);
        Assert.Null(message.Key);
    }

    [Theory]
    [InlineData("$", "a b", null, "the topic must have")]
    [InlineData("$", "", null, "the topic must have")]
    [InlineData("$", "none", null, "the topic: ${x} is Undefined")]
    [InlineData("t", "-1", "$", "the partition is not a whole number")]
    [InlineData("t", "1.5", "$", "the partition is not a whole number")]
    [InlineData("t", "99999999999", "$", "the partition is not a whole number")]
    public void What_cannot_be_a_message_says_why(string topic, string payload, string? partition, string reason)
    {
        var target = Target with { Topic = new TestText(topic), Partition = partition is null ? null : new TestText(partition) };
        Assert.Contains(reason, Make(target, payload, out _, out _), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_waits_for_every_message_and_ends_at_once_where_kafka_is_away()
    {
        var deliveries = new KafkaDeliveries();
        for (var i = 0; i < 3; i++) deliveries.Sending();
        var drained = deliveries.DrainAsync();
        deliveries.Reported(new RecordPlace(0, 0), new Error(ErrorCode.NoError));
        deliveries.Reported(new RecordPlace(1, 0), new Error(ErrorCode.MsgSizeTooLarge, "too large"));
        Assert.False(drained.IsCompleted);
        deliveries.NotSent();
        await drained;
        Assert.Equal((new RecordPlace(1, 0), "too large"), Assert.Single(deliveries.TakeRefused()));
        Assert.Empty(deliveries.TakeRefused());

        deliveries.Sending();
        deliveries.Sending();
        drained = deliveries.DrainAsync();
        deliveries.Says("connection refused");
        deliveries.Reported(new RecordPlace(2, 0), new Error(ErrorCode.Local_MsgTimedOut, "timed out"));
        await drained;
        Assert.Equal("timed out (connection refused)", deliveries.Away);
    }

    private static string? Make(KafkaTarget target, string payload, out TopicPartition where, out Message<byte[]?, byte[]> message)
    {
        using var batch = Batches.From(0, payload);
        return new KafkaMessageMaker(target).TryMake(batch[0], batch[0].Payload, out where, out message);
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
