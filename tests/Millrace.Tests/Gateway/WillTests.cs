namespace Millrace.Tests.Gateway;

public sealed class WillTests : GatewayTest
{
    [Fact]
    public void A_client_that_vanishes_leaves_its_will()
    {
        var viewer = Client("viewer");
        viewer.Subscribe("status/#");
        var car = new TestClient(Broker);
        car.Connect("car", will: "status/car");
        car.Vanish();
        Assert.Equal("status/car gone q0 #0", viewer.Next());
        Assert.Equal(["car status/car gone"], Log.Appended);
    }

    [Fact]
    public void A_will_of_QoS_1_is_seen_after_its_commit()
    {
        var viewer = Client("viewer");
        viewer.Subscribe("status/#");
        var car = new TestClient(Broker);
        car.Connect("car", will: "status/car", willQos: 1);
        car.Vanish();
        Assert.Empty(viewer.All());
        Assert.Equal(1, Counts.WaitingForCommit);
        Log.Commit();
        Assert.Equal("status/car gone q1 #1", viewer.Next());
    }

    [Fact]
    public void A_retained_will_is_there_for_those_who_come_later()
    {
        var car = new TestClient(Broker);
        car.Connect("car", will: "status/car", willQos: 1, willRetain: true);
        car.Vanish();
        Workers.Settle(Broker);
        Log.Commit();
        var viewer = Client("viewer");
        viewer.Subscribe("status/#");
        Assert.Equal("status/car gone q1 #1 retained", viewer.Next());
    }

    [Fact]
    public void A_client_that_says_goodbye_takes_its_will_along()
    {
        var car = new TestClient(Broker);
        car.Connect("car", will: "status/car");
        car.Send("E0 00");
        Assert.True(car.IsClosed);
        car.Vanish();
        Workers.Settle(Broker);
        Assert.Empty(Log.Appended);
    }
}
