using Millrace.Mqtt;

namespace Millrace.Tests.Gateway;

public sealed class Qos2Tests : GatewayTest
{
    [Theory, InlineData(ProtocolVersion.V311), InlineData(ProtocolVersion.V5)]
    public void A_message_is_received_once_whatever_is_repeated(ProtocolVersion version)
    {
        var car = Client(version: version);
        car.Publish("a", "x", qos: 2, 7);
        Assert.Empty(car.All());
        Log.Commit();
        Assert.Equal(["PubRec 7"], car.All());
        car.Send(car.PublishBytes("a", "x", 2, 7, dup: true));
        Assert.Equal(["PubRec 7"], car.All());
        car.Ack(PacketType.PubRel, 7);
        Assert.Equal(["PubComp 7"], car.All());
        Assert.Equal(["car a x"], Log.Appended);

        car.Publish("a", "y", qos: 2, 7);
        Log.Commit();
        Assert.Equal(["PubRec 7"], car.All());
        Assert.Equal(["car a x", "car a y"], Log.Appended);
    }

    [Fact]
    public void A_release_of_an_id_that_is_not_known_says_so()
    {
        var car = Client();
        car.Ack(PacketType.PubRel, 9);
        car.Ack(PacketType.PubRec, 9);
        Assert.Equal(["PubComp 9 PacketIdentifierNotFound", "PubRel 9 PacketIdentifierNotFound"], car.All());
    }

    [Fact]
    public void A_subscriber_goes_through_all_four_steps()
    {
        var viewer = Client("viewer");
        viewer.Subscribe("a", options: 2, expected: "SubAck 9: 02");
        var car = Client();
        car.Publish("a", "x", qos: 2, 1);
        Log.Commit();
        Assert.Equal(["a x q2 #1"], viewer.All());
        viewer.Ack(PacketType.PubRec, 1);
        Assert.Equal(["PubRel 1"], viewer.All());
        viewer.Ack(PacketType.PubRec, 1);
        Assert.Equal(["PubRel 1"], viewer.All());
        viewer.Ack(PacketType.PubComp, 1);
        Assert.Empty(viewer.All());
    }

    [Fact]
    public void What_a_client_will_not_have_is_over()
    {
        var viewer = TestClient.Connected(Broker, "viewer", receiveMaximum: 1);
        viewer.Subscribe("a", options: 2, expected: "SubAck 9: 02");
        var car = Client();
        car.Publish("a", "1", qos: 2, 1);
        car.Publish("a", "2", qos: 2, 2);
        Log.Commit();
        Assert.Equal(["a 1 q2 #1"], viewer.All());
        viewer.Ack(PacketType.PubRec, 1, ReasonCode.QuotaExceeded);
        Assert.Equal(["a 2 q2 #2"], viewer.All());
    }

    [Fact]
    public void A_crash_after_PUBREC_does_not_let_a_repetition_in_and_after_PUBCOMP_lets_the_id_be_used()
    {
        var car = new TestClient(Broker);
        car.Connect("car", cleanStart: false, sessionExpiry: 60);
        car.Publish("a", "1", qos: 2, 1);
        car.Publish("a", "2", qos: 2, 2);
        Log.Commit();
        car.Ack(PacketType.PubRel, 2);
        Assert.Equal(["PubRec 1", "PubRec 2", "PubComp 2"], car.All()[1..]);
        Crash();

        car = Back("car");
        car.Send(car.PublishBytes("a", "1", 2, 1, dup: true));
        car.Publish("a", "3", qos: 2, 2);
        Log.Commit();
        Assert.Equal(["PubRec 1", "PubRec 2"], car.All());
        Assert.Equal(["car a 1", "car a 2", "car a 3"], Log.Appended);
        Time.Advance(TimeSpan.FromSeconds(3));
        car.Ack(PacketType.PubRel, 1);
        Crash();
        car = Back("car");
        car.Publish("a", "4", qos: 2, 1);
        car.Send(car.PublishBytes("a", "3", 2, 2, dup: true));
        Log.Commit();
        Assert.Equal(["PubRec 1", "PubRec 2"], car.All().Order());
        Assert.Equal(["car a 1", "car a 2", "car a 3", "car a 4"], Log.Appended);
    }

    [Fact]
    public void After_a_crash_a_subscriber_gets_the_same_packet_id_again_and_what_it_released_not_at_all()
    {
        var viewer = Offline("viewer", "a", qos: 2, stay: true);
        var car = Client();
        for (ushort i = 1; i <= 3; i++) car.Publish("a", $"{i}", qos: 2, i);
        Log.Commit();
        Assert.Equal(["a 1 q2 #1", "a 2 q2 #2", "a 3 q2 #3"], viewer.All());
        viewer.Ack(PacketType.PubRec, 2);
        Assert.Equal(["PubRel 2"], viewer.All());
        Crash();

        viewer = Back("viewer");
        Assert.Equal(["PubRel 2", "a 1 q2 #1", "a 3 q2 #3"], viewer.All());
        viewer.Ack(PacketType.PubComp, 2);
        viewer.Ack(PacketType.PubRec, 1);
        Assert.Equal(["PubRel 1"], viewer.All());
        Time.Advance(TimeSpan.FromSeconds(3));
        Crash();
        Assert.Equal(["PubRel 1", "a 3 q2 #3"], Back("viewer").All());
    }

    [Fact]
    public void PUBREL_waits_until_it_is_safe()
    {
        var viewer = Offline("viewer", "a", qos: 2, stay: true);
        var car = Client();
        car.Publish("a", "x", qos: 2, 1);
        Log.Commit();
        viewer.All();
        Documents.CommitsAtOnce = false;
        viewer.Ack(PacketType.PubRec, 1);
        Assert.Empty(viewer.All());
        Documents.Commit();
        Assert.Equal(["PubRel 1"], viewer.All());
    }
}
