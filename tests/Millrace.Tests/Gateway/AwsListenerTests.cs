using Millrace.Gateway;
using Millrace.Mqtt;

namespace Millrace.Tests.Gateway;

/// <summary>A listener with <c>compat: aws-iot</c>, and Basic Ingest, which all listeners have.</summary>
public sealed class AwsListenerTests : GatewayTest
{
    private const string NineLevels = "a/b/c/d/e/f/g/h/i";

    private static readonly ListenerOptions Aws = new() { IsAwsIot = true };

    [Fact]
    public void CONNACK_tells_what_is_not_offered()
    {
        var car = new TestClient(Broker, listener: Aws);
        car.Connect("car");
        var said = car.Next();
        Assert.Contains("MaximumPacketSize=149504", said, StringComparison.Ordinal);
        Assert.Contains("MaximumQos=1", said, StringComparison.Ordinal);
        Assert.Contains("SubscriptionIdentifierAvailable=0", said, StringComparison.Ordinal);
    }

    [Fact]
    public void QoS_2_ends_the_connection_and_a_subscription_with_it_fails()
    {
        var car = Connected("car");
        car.Subscribe("a", options: 2, expected: "SubAck 9: 80");
        car.Publish("a", "x", qos: 2, 1);
        Assert.StartsWith("Disconnect QosNotSupported", car.Next(), StringComparison.Ordinal);
        var heir = new TestClient(Broker, listener: Aws);
        heir.Connect("heir", will: "gone", willQos: 2);
        Assert.StartsWith("ConnAck QosNotSupported", heir.Next(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NineLevels, false, 1, "PubAck 1 TopicNameInvalid")]
    [InlineData("$aws/rules/f/" + NineLevels, false, 1, "PubAck 1 TopicNameInvalid")]
    [InlineData("$aws/things/t/shadow/update", true, 1, "PubAck 1 TopicNameInvalid")]
    [InlineData("a", false, (128 * 1024) + 1, "Disconnect PacketTooLarge")]
    public void What_is_beyond_the_limits_is_refused(string topic, bool retain, int size, string said)
    {
        var car = Connected("car");
        car.Publish(topic, new string('x', size), qos: 1, 1, retain);
        Assert.StartsWith(said, car.Next(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_topic_has_256_bytes_behind_the_flow_that_it_names()
    {
        var car = Connected("car");
        car.Publish("$aws/rules/flow/" + new string('t', 256), "x", qos: 1, 1);
        car.Publish("$aws/rules/flow/" + new string('t', 257), "x", qos: 1, 2);
        Log.Commit();
        Assert.Equal(["PubAck 1", "PubAck 2 TopicNameInvalid"], car.All());
    }

    [Fact]
    public void A_hash_does_not_match_the_level_it_follows()
    {
        var viewer = Connected("viewer");
        viewer.Subscribe("sensor/#");
        Publish("sensor", "above");
        Publish("sensor/1", "below");
        Assert.Equal(["sensor/1 below q1 #1"], viewer.All());
    }

    [Fact]
    public void Retained_messages_come_to_subscriptions_without_wildcards_only()
    {
        Client("car").Publish("a/b", "kept", qos: 0, retain: true);
        var viewer = Connected("viewer");
        viewer.Subscribe("a/#");
        viewer.Subscribe("+/b");
        Assert.Empty(viewer.All());
        viewer.Subscribe("a/b");
        Assert.Equal(["a/b kept q0 #0 retained"], viewer.All());
    }

    [Fact]
    public void The_51st_subscription_is_one_too_many()
    {
        var viewer = Connected("viewer");
        for (var i = 1; i <= 50; i++) viewer.Subscribe($"a/{i}");
        viewer.Subscribe("a/51", expected: "SubAck 9: 97");
        viewer.Subscribe("a/50");
    }

    [Fact]
    public void A_subscription_identifier_ends_the_connection()
    {
        var viewer = Connected("viewer");
        viewer.Send("82 09 0001 02 0B01 0001 61 01");
        Assert.StartsWith("Disconnect SubscriptionIdentifiersNotSupported", viewer.Next(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nine_filters_in_one_SUBSCRIBE_end_the_connection()
    {
        var viewer = Connected("viewer");
        viewer.Send("82 27 0001 00" + string.Concat(Enumerable.Repeat("0001 61 01", 9)));
        Assert.StartsWith("Disconnect QuotaExceeded", viewer.Next(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#")]
    [InlineData("$aws/#")]
    [InlineData("$aws/rules/+")]
    [InlineData("$aws/+/flow/a")]
    public void What_names_a_flow_comes_to_no_subscriber_and_stands_in_the_log(string filter)
    {
        var viewer = Client("viewer");
        viewer.Send([0x82, (byte)(filter.Length + 6), 0, 9, 0, 0, (byte)filter.Length, .. System.Text.Encoding.ASCII.GetBytes(filter), 1]);
        viewer.All();
        Client("car").Publish("$aws/rules/flow/a", "0", qos: 0);
        Publish("$aws/rules/flow/a", "1");
        Assert.Empty(viewer.All());
        Assert.Equal(["car $aws/rules/flow/a 0", "publisher $aws/rules/flow/a 1"], Log.Appended);
    }

    private TestClient Connected(string id)
    {
        var client = new TestClient(Broker, ProtocolVersion.V5, Aws);
        client.Connect(id);
        Assert.StartsWith("ConnAck Success", client.Next(), StringComparison.Ordinal);
        return client;
    }
}
