using Millrace.Contracts;
using Millrace.Gateway.Connections;
using Millrace.Gateway.Counting;
using Millrace.Mqtt;

namespace Millrace.Tests.Gateway;

public sealed class PublishTests : GatewayTest
{
    [Theory, InlineData(ProtocolVersion.V311), InlineData(ProtocolVersion.V5)]
    public void PUBACK_comes_after_the_commit_and_never_before(ProtocolVersion version)
    {
        var car = Client(version: version);
        car.Publish("dt/speed", "1", qos: 1, packetId: 7);
        Assert.Equal("", car.Next());
        Assert.Equal(["car dt/speed 1"], Log.Appended);
        Assert.Equal(1, Counts.WaitingForCommit);

        Log.Partition.Commit();
        Assert.Equal("PubAck 7", car.Next());
        Assert.Equal((1, 0), (Counts.Acknowledged, Counts.WaitingForCommit));
    }

    [Fact]
    public void PUBACKs_of_one_commit_come_in_order_and_in_one_write()
    {
        var car = Client();
        ushort[] ids = [3, 1, 2];
        foreach (var id in ids) car.Publish("a", "x", qos: 1, id);
        var before = car.Writes;
        Log.Partition.Commit();
        Assert.Equal(["PubAck 3", "PubAck 1", "PubAck 2"], car.All());
        Assert.Equal(before + 1, car.Writes);
    }

    [Fact]
    public void A_commit_acknowledges_only_what_it_holds()
    {
        var car = Client();
        car.Publish("a", "x", qos: 1, 1);
        Log.Partition.Commit();
        car.Publish("a", "x", qos: 1, 2);
        Assert.Equal(["PubAck 1"], car.All());
    }

    [Fact]
    public void A_commit_that_is_done_before_its_number_is_known_is_acknowledged_too()
    {
        Log.Partition.CommitsAtOnce = true;
        var car = Client();
        car.Publish("a", "x", qos: 1, 1);
        Assert.Equal(["PubAck 1"], car.All());
    }

    [Fact]
    public async Task A_full_log_stops_the_reading_and_room_resumes_it()
    {
        var car = Client();
        Log.Partition.Capacity = 1;
        var progress = car.Send([.. car.PublishBytes("a", "1", 1, 1), .. car.PublishBytes("a", "2", 1, 2), .. car.PublishBytes("a", "3", 1, 3)]);
        Assert.Equal(Progress.NeedRoom, progress);
        Assert.Equal(["car a 1"], Log.Appended);
        Assert.True(car.Unread > 0);

        var room = car.Connection.WaitForRoomAsync(CancellationToken.None);
        Assert.False(room.IsCompleted);
        Log.Partition.Capacity = 10;
        await room;
        Assert.Equal(Progress.NeedInput, car.GoOn());
        Assert.Equal(["car a 1", "car a 2", "car a 3"], Log.Appended);
        Log.Partition.Commit();
        Assert.Equal(["PubAck 1", "PubAck 2", "PubAck 3"], car.All());
    }

    [Fact]
    public void QoS_0_is_not_waited_for_and_counted_where_the_log_has_no_room()
    {
        var car = Client();
        car.Publish("a", "1", qos: 0);
        Log.Partition.Capacity = 0;
        Assert.Equal(Progress.NeedInput, car.Publish("a", "2", qos: 0));
        Assert.Equal((1, 1), (Counts.Accepted, Counts.RefusedBy[RefusalReason.LogFull]));
    }

    [Fact]
    public void A_message_whose_connection_died_before_its_PUBACK_is_acknowledged_in_the_books()
    {
        var car = Client();
        car.Publish("a", "1", qos: 1, 1);
        car.Vanish();
        Assert.Equal(1, Counts.WaitingForCommit);
        Log.Partition.Commit();
        Assert.Equal((1, 0), (Counts.Acknowledged, Counts.WaitingForCommit));
    }

    [Theory]
    [InlineData(Fault.Refused, "Disconnect PacketTooLarge", RefusalReason.TooLarge)]
    [InlineData(Fault.Unavailable, "Disconnect ServerShuttingDown", RefusalReason.LogClosed)]
    public void A_log_that_fails_closes_the_connection_with_the_reason(Fault fault, string said, RefusalReason counted)
    {
        var car = Client();
        Log.Partition.Fails = new FaultException(fault, "no");
        Assert.Equal(Progress.Closed, car.Publish("a", "1", qos: 1, 1));
        Assert.Equal(said, car.Next());
        Assert.Equal(1, Counts.RefusedBy[counted]);
    }

    [Fact]
    public void More_in_flight_than_the_receive_maximum_disconnects_a_client_of_MQTT_5()
    {
        Options = Options with { ReceiveMaximum = 2 };
        var car = Client();
        for (ushort id = 1; id <= 3; id++) car.Publish("a", "x", qos: 1, id);
        Assert.Equal("Disconnect ReceiveMaximumExceeded", car.Next());
        Log.Partition.Commit();
        Assert.Equal((2, 1), (Counts.Acknowledged, Counts.Refused));
    }

    [Fact]
    public void A_client_of_3_1_1_that_has_as_much_in_flight_is_not_read_from_until_the_commit()
    {
        Options = Options with { ReceiveMaximum = 2 };
        var car = Client(version: ProtocolVersion.V311);
        var progress = car.Send([.. car.PublishBytes("a", "1", 1, 1), .. car.PublishBytes("a", "2", 1, 2), .. car.PublishBytes("a", "3", 1, 3)]);
        Assert.Equal(Progress.NeedQuiet, progress);
        Assert.False(car.WasResumed);
        Log.Partition.Commit();
        Assert.True(car.WasResumed);
        Assert.Equal(Progress.NeedInput, car.GoOn());
        Log.Partition.Commit();
        Assert.Equal(["PubAck 1", "PubAck 2", "PubAck 3"], car.All());
    }

    [Theory]
    [InlineData("a topic alias beyond the maximum", "30 07 0001 61 03 230021", "Disconnect TopicAliasInvalid", RefusalReason.Property)]
    [InlineData("a topic alias that stands for nothing", "30 06 0000 03 230001", "Disconnect ProtocolError", RefusalReason.Property)]
    [InlineData("a topic of the server's own", "30 08 0005 245359532F 00", "Disconnect TopicNameInvalid", RefusalReason.Topic)]
    [InlineData("a subscription identifier", "30 06 0001 61 02 0B01", "Disconnect ProtocolError", RefusalReason.Property)]
    public void What_is_not_offered_is_refused_with_its_reason(string what, string hex, string said, RefusalReason counted)
    {
        var car = Client();
        Assert.Equal(Progress.Closed, car.Send(hex));
        Assert.True(car.Next() == said, what);
        Assert.True(car.IsClosed);
        Assert.Equal(1, Counts.RefusedBy[counted]);
        Assert.Empty(Log.Appended);
    }

    [Fact]
    public void A_client_of_3_1_1_is_closed_without_a_word()
    {
        var car = Client(version: ProtocolVersion.V311);
        Assert.Equal(Progress.Closed, car.Publish("$SYS/a", "x", qos: 1, 1));
        Assert.Empty(car.All());
        Assert.True(car.IsClosed);
    }

    [Fact]
    public void A_malformed_packet_closes_its_connection_and_no_other()
    {
        var car = Client();
        var other = Client("other");
        other.Publish("a", "x", qos: 1, 1);
        car.Send("30 03 0000 00");
        car.Send("30 03 0000 00");
        Assert.Equal(["Disconnect ProtocolError"], car.All());
        Log.Partition.Commit();
        Assert.Equal("PubAck 1", other.Next());
        Assert.Equal((1, 1), (Counts.ProtocolErrors, Counts.Connections));
    }
}
