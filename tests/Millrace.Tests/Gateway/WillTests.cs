namespace Millrace.Tests.Gateway;

public sealed class WillTests : GatewayTest
{
    [Fact]
    public async Task A_client_that_vanishes_leaves_its_will()
    {
        var viewer = Client("viewer");
        viewer.Subscribe("status/#");
        var car = new TestClient(Broker);
        car.Connect("car", will: "status/car");
        car.Vanish();
        await LoggedAsync();
        Assert.Equal(["car status/car gone"], Log.Appended);
        while (Counts.Sent == 0) await Task.Yield();
        Assert.Equal("status/car gone q0 #0", viewer.Next());
    }

    [Fact]
    public async Task A_will_of_QoS_1_is_seen_after_its_commit()
    {
        var viewer = Client("viewer");
        viewer.Subscribe("status/#");
        var car = new TestClient(Broker);
        car.Connect("car", will: "status/car", willQos: 1);
        car.Vanish();
        await LoggedAsync();
        while (Counts.WaitingForCommit == 0) await Task.Yield();
        Assert.Empty(viewer.All());
        while (Counts.Acknowledged == 0)
        {
            Log.Partition.Commit();
            await Task.Yield();
        }

        while (Counts.Sent == 0) await Task.Yield();
        Assert.Equal("status/car gone q1 #1", viewer.Next());
    }

    [Fact]
    public void A_client_that_says_goodbye_takes_its_will_along()
    {
        var car = new TestClient(Broker);
        car.Connect("car", will: "status/car");
        car.Send("E0 00");
        Assert.True(car.IsClosed);
        car.Vanish();
        Assert.Empty(Log.Appended);
    }

    private async Task LoggedAsync()
    {
        while (Log.Appended.Count == 0) await Task.Yield();
    }
}
