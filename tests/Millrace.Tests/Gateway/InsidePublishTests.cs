using System.Text;
using Millrace.Contracts;

namespace Millrace.Tests.Gateway;

public sealed class InsidePublishTests : GatewayTest
{
    [Fact]
    public async Task QoS_1_ends_with_the_commit_and_subscribers_see_it_then()
    {
        var viewer = Client("viewer");
        viewer.Subscribe("cmd/#");
        var publish = Broker.PublishAsync("cmd/stop", "now"u8.ToArray(), 1, retain: false, null, CancellationToken.None);
        Assert.False(publish.IsCompleted);
        Assert.Empty(viewer.All());
        Log.Partition.Commit();
        await publish;
        Assert.Equal(["cmd/stop now q1 #1"], viewer.All());
        Assert.Equal(["republish cmd/stop now"], Log.Appended);
        Assert.Equal(1, Counts.Acknowledged);
    }

    [Fact]
    public async Task A_publisher_that_gives_up_waiting_leaves_the_books_balanced()
    {
        using var stop = new CancellationTokenSource();
        var publish = Broker.PublishAsync("a", default, 1, retain: false, null, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publish.AsTask());
        Assert.Equal(1, Counts.WaitingForCommit);
        Log.Partition.Commit();
        Assert.Equal((1, 0), (Counts.Acknowledged, Counts.WaitingForCommit));
    }

    [Fact]
    public async Task A_full_log_makes_the_publisher_wait()
    {
        Log.Partition.Capacity = 0;
        var publish = Broker.PublishAsync("a", default, 1, retain: false, null, CancellationToken.None);
        Assert.Empty(Log.Appended);
        Log.Partition.Capacity = 5;
        while (Log.Appended.Count == 0) await Task.Yield();
        while (!publish.IsCompleted)
        {
            Log.Partition.Commit();
            await Task.Yield();
        }

        await publish;
    }

    [Theory]
    [InlineData("a/+", 1, 0, false, "none of them may be")]
    [InlineData("", 1, 0, false, "at least one character")]
    [InlineData("$SYS/broker/uptime", 1, 0, false, "$SYS or $share")]
    [InlineData("a", 2, 0, false, "use 0 or 1")]
    [InlineData("a", 1, 262_144, false, "mqtt.maxPacketSize")]
    public async Task What_cannot_be_published_is_refused_with_what_would_be_right(string topic, int qos, int size, bool retain, string says)
    {
        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            Broker.PublishAsync(topic, new byte[size], qos, retain, null, CancellationToken.None).AsTask());
        Assert.Equal(Fault.Refused, fault.Fault);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        Assert.Equal(1, Counts.Refused);
    }

    [Fact]
    public async Task A_topic_longer_than_the_option_is_refused()
    {
        Options = Options with { MaxTopicBytes = 256 };
        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            Broker.PublishAsync(new string('ä', 129), Encoding.UTF8.GetBytes("x"), 0, retain: false, null, CancellationToken.None).AsTask());
        Assert.Contains("mqtt.maxTopicBytes", fault.Message, StringComparison.Ordinal);
    }
}
