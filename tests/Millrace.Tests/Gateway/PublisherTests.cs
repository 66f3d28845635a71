using Millrace.Contracts.Records;
using Record = Millrace.Contracts.Records.Record;

namespace Millrace.Tests.Gateway;

/// <summary>Who published is kept for rules that ask, and for nobody else.</summary>
public sealed class PublisherTests : GatewayTest
{
    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public void The_log_tells_from_where_a_message_came_where_rules_ask(byte qos)
    {
        Broker.RecordPublisher = true;
        var car = Client();
        car.Send(car.PublishBytes("a", "x", qos, (ushort)(qos > 0 ? 1 : 0), expiry: 60));
        car.Publish("a", "y", qos, (ushort)(qos > 0 ? 2 : 0));
        Assert.Equal(["1: 02=0000003C 7D=" + Address, "2: 7D=" + Address], Read());
    }

    [Fact]
    public void It_does_not_where_none_asks()
    {
        var car = Client();
        car.Publish("a", "x", qos: 1, 1);
        Broker.RecordPublisher = true;
        car.Publish("a", "x", qos: 1, 2);
        Broker.RecordPublisher = false;
        car.Publish("a", "x", qos: 1, 3);
        Assert.Equal(["1:", "2: 7D=" + Address, "3:"], Read());
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public void Subscribers_get_what_was_published_and_no_more(byte qos)
    {
        Broker.RecordPublisher = true;
        var now = Client("now");
        now.Subscribe("a", options: qos, expected: $"SubAck 9: 0{qos}");
        var car = Client();
        car.Send(car.PublishBytes("a", "x", qos, (ushort)(qos > 0 ? 1 : 0), retain: true, expiry: 60));
        Log.Commit();
        Assert.Equal([$"a x q{qos} #{(qos > 0 ? 1 : 0)} expires 60"], now.All());
        var later = Client("later");
        later.Subscribe("a", options: 0, expected: "SubAck 9: 00");
        Assert.Equal(["a x q0 #0 retained expires 60"], later.All());
    }

    [Fact]
    public void A_session_that_was_away_gets_no_more_either()
    {
        Offline("viewer", "a");
        Broker.RecordPublisher = true;
        var car = Client();
        car.Send(car.PublishBytes("a", "x", 1, 1, expiry: 60));
        Log.Commit();
        Assert.Equal(["a x q1 #1 expires 60"], Back("viewer").All());
    }

    [Fact]
    public void A_repetition_of_a_QoS_2_message_is_known_after_a_crash()
    {
        Offline("car", "none", qos: 2);
        Broker.RecordPublisher = true;
        var car = Back("car");
        car.Publish("a", "x", qos: 2, 7);
        Log.Commit();
        Assert.Equal(["PubRec 7"], car.All());
        Crash();
        Broker.RecordPublisher = true;
        car = Back("car");
        car.Send(car.PublishBytes("a", "x", 2, 7, dup: true));
        Log.Commit();
        Assert.Equal(["PubRec 7"], car.All());
        Assert.Single(Log.Appended);
    }

    // The name of a TestClient's peer.
    private static string Address => Convert.ToHexString("test"u8);

    /// <summary>All records as their number, from 1, and their properties as the log has them.</summary>
    private List<string> Read()
    {
        Log.Commit();
        Workers.Settle(Broker);
        var batch = new RecordBatch();
        var lines = new List<string>();
        while (Log.Partition.TryRead(batch.Through, batch))
        {
        }

        for (var i = 0; i < batch.Count; i++) lines.Add($"{i + 1}:{Text(batch[i])}");
        return lines;
    }

    private static string Text(in Record record)
    {
        var text = "";
        var each = new MessageProperties(record.Properties);
        while (each.Next()) text += $" {each.Id:X2}={Convert.ToHexString(each.Value)}";
        return text;
    }
}
