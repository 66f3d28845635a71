using System.Text.Json;
using Millrace.Contracts;
using Millrace.Gateway;
using Millrace.Gateway.Observing;
using Millrace.Mqtt;

namespace Millrace.Tests.Gateway;

public sealed class LifecycleTests : GatewayTest
{
    private static readonly ListenerOptions Aws = new() { Name = "aws", IsAwsIot = true };

    [Fact]
    public void A_connection_is_told_of_from_its_beginning_to_its_end()
    {
        var car = Connect("car");
        car.Subscribe("a/b");
        car.Unsubscribe("a/b");
        car.Unsubscribe("never");
        car.Send("E0 00");
        var events = Events();
        Assert.Equal(
            [
                "$aws/events/presence/connected/car", "$aws/events/subscriptions/subscribed/car", "$aws/events/subscriptions/unsubscribed/car",
                "$aws/events/presence/disconnected/car",
            ],
            events.Select(static one => one.Topic));
        Assert.All(events, one => Assert.Equal("car", one.Json.GetProperty("clientId").GetString()));
        Assert.Single(events.Select(static one => one.Json.GetProperty("sessionIdentifier").GetString()).Distinct());
        string[] common = ["clientId", "timestamp", "eventType", "sessionIdentifier", "principalIdentifier"];
        Assert.Equal([.. common, "ipAddress", "versionNumber"], Names(events[0]));
        Assert.Equal([.. common, "topics"], Names(events[1]));
        Assert.Equal([.. common, "topics"], Names(events[2]));
        Assert.Equal([.. common, "clientInitiatedDisconnect", "disconnectReason", "versionNumber"], Names(events[3]));
        Assert.Equal(["connected", "subscribed", "unsubscribed", "disconnected"], events.Select(static one => one.Json.GetProperty("eventType").GetString()));
        Assert.Equal("[\"a/b\"]", events[1].Json.GetProperty("topics").GetRawText());
        Assert.True(events[3].Json.GetProperty("clientInitiatedDisconnect").GetBoolean());
        Assert.Equal("CLIENT_INITIATED_DISCONNECT", events[3].Json.GetProperty("disconnectReason").GetString());
        Assert.Equal(0, events[3].Json.GetProperty("versionNumber").GetInt32());
    }

    [Fact]
    public void Subscribers_get_the_events_after_their_commit()
    {
        var viewer = Client("viewer");
        viewer.Subscribe("$aws/events/presence/#");
        _ = Connect("car");
        Assert.Empty(viewer.All());
        Log.Commit();
        Assert.StartsWith("$aws/events/presence/connected/car {\"clientId\":\"car\",\"timestamp\":0,", viewer.Next(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_takeover_has_the_next_version_and_its_own_reason()
    {
        var first = Connect("car");
        var second = Connect("car");
        second.Vanish();
        _ = Connect("car");
        Assert.True(first.IsClosed);
        Assert.Equal(
            ["connected 0 ", "disconnected 0 DUPLICATE_CLIENTID", "connected 1 ", "disconnected 1 CONNECTION_LOST", "connected 2 "],
            Events().Select(static one => $"{one.Json.GetProperty("eventType")} {one.Json.GetProperty("versionNumber")} "
                + (one.Json.TryGetProperty("disconnectReason", out var reason) ? reason.GetString() : "")));
    }

    [Fact]
    public void A_subscription_that_was_refused_is_not_told_of()
    {
        var car = Connect("car");
        car.Subscribe("$aws/rules/flow/x", expected: "SubAck 9: 87");
        Assert.Single(Events());
    }

    [Fact]
    public void An_hour_after_the_last_connection_versions_begin_again()
    {
        var versions = new ClientVersions(Time);
        Assert.Equal(0, versions.Connected("car"));
        versions.Disconnected("car", 0);
        Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(1, versions.Connected("car"));
        Time.Advance(TimeSpan.FromHours(5));
        Assert.Equal(2, versions.Connected("car"));
        versions.Disconnected("car", 1);
        versions.Disconnected("car", 2);
        versions.Disconnected("car", 2);
        Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, versions.Connected("car"));
    }

    [Theory]
    [InlineData("a+b")]
    [InlineData("a#")]
    public void A_client_id_that_cannot_stand_in_a_topic_has_no_events(string id)
    {
        Connect(id).Vanish();
        Assert.Empty(Events());
    }

    [Fact]
    public void Without_the_rules_of_AWS_there_are_no_events()
    {
        Client().Vanish();
        Assert.Empty(Events());
    }

    [Fact]
    public void A_client_that_was_not_let_in_has_no_events()
    {
        var car = new TestClient(Broker, listener: Aws with { Credentials = Contracts.Devices.CredentialKinds.Password });
        car.Connect("car");
        Assert.True(car.IsClosed);
        Assert.Empty(Events());
    }

    [Fact]
    public void Client_ids_of_any_shape_make_valid_JSON()
    {
        Connect("a\"b\\c\u00e9\n/d").Vanish();
        Assert.Equal("a\"b\\c\u00e9\n/d", Events()[0].Json.GetProperty("clientId").GetString());
    }

    [Fact]
    public void A_log_without_room_holds_up_no_client_and_what_is_too_much_is_counted()
    {
        Log.Partition.Capacity = 0;
        var car = Connect("car");
        for (var i = 0; i <= LifecycleEvents.MaxWaiting; i++) car.Subscribe("a");

        // One has left the queue and waits for room.
        Assert.Equal(1, Counts.LifecycleEventsDropped);
        Assert.False(car.IsClosed);
    }

    [Fact]
    public void A_log_that_takes_nothing_is_counted_and_does_not_stop_what_comes_after()
    {
        Log.Partition.Fails = new FaultException(Fault.Unavailable, "The log is closed.");
        var car = Connect("car");
        Assert.Equal(1, Counts.LifecycleEventsDropped);
        Log.Partition.Fails = null;
        car.Vanish();
        Assert.Equal("$aws/events/presence/disconnected/car", Assert.Single(Events()).Topic);
    }

    [Theory]
    [InlineData(ReasonCode.Success, "CLIENT_INITIATED_DISCONNECT")]
    [InlineData(ReasonCode.UnspecifiedError, "CONNECTION_LOST")]
    [InlineData(ReasonCode.KeepAliveTimeout, "MQTT_KEEP_ALIVE_TIMEOUT")]
    [InlineData(ReasonCode.NotAuthorized, "AUTH_ERROR")]
    [InlineData(ReasonCode.AdministrativeAction, "AUTH_ERROR")]
    [InlineData(ReasonCode.QuotaExceeded, "THROTTLED")]
    [InlineData(ReasonCode.ServerShuttingDown, "SERVER_INITIATED_DISCONNECT")]
    [InlineData(ReasonCode.ServerBusy, "SERVER_ERROR")]
    [InlineData(ReasonCode.ProtocolError, "CLIENT_ERROR")]
    [InlineData(ReasonCode.PacketTooLarge, "CLIENT_ERROR")]
    public void Reasons_have_the_words_of_AWS(ReasonCode reason, string word) => Assert.Equal(word, DisconnectReason.Of(reason));

    private static string[] Names((string Topic, JsonElement Json) one) => [.. one.Json.EnumerateObject().Select(static property => property.Name)];

    private TestClient Connect(string id)
    {
        var client = new TestClient(Broker, listener: Aws);
        client.Connect(id);
        Assert.StartsWith("ConnAck Success", client.Next(), StringComparison.Ordinal);
        return client;
    }

    /// <summary>What is in the log of them, in its order.</summary>
    private List<(string Topic, JsonElement Json)> Events()
    {
        Workers.Settle(Broker);
        return [.. Log.Appended.Select(static one => one.Split(' ', 3)).Select(static parts =>
        {
            Assert.Equal("lifecycle", parts[0]);
            return (parts[1], JsonDocument.Parse(parts[2]).RootElement);
        })];
    }
}
