using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contracts.Devices;
using Millrace.Gateway;
using Millrace.Gateway.Counting;
using Millrace.Mqtt;
using Millrace.Testing.Mqtt;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Gateway;

/// <summary>A broker on a log and a clock that the test moves. At the end its books must balance.</summary>
public abstract class GatewayTest : IDisposable
{
    private Broker? _broker;

    internal ManualLog Log { get; set; } = new();

    internal ManualTime Time { get; } = new();

    internal BrokerOptions Options { get; set; } = new();

    internal MemoryDocuments Documents { get; set; } = new();

    internal ManualWorkers Workers { get; } = new();

    internal Broker Broker => _broker ??= new Broker(Log, Documents, AnonymousAccess.Instance, Options, Time, NullLogger.Instance, Workers);

    internal GatewayCounts Counts
    {
        get
        {
            Workers.Settle(Broker);
            return Broker.Counters.Snapshot();
        }
    }

    internal TestClient Client(string id = "car", ProtocolVersion version = ProtocolVersion.V5) => TestClient.Connected(Broker, id, version);

    /// <summary>Publishes with QoS 1 and commits.</summary>
    internal void Publish(string topic, string payload, ushort packetId = 1)
    {
        var client = Client("publisher");
        client.Publish(topic, payload, qos: 1, packetId);
        Log.Commit();
        Workers.Settle(Broker);
        client.Send("E0 00");
    }

    /// <summary>A client with a session that is kept and one subscription, which is gone unless it stays.</summary>
    internal TestClient Offline(string id, string filter, byte qos = 1, uint expiry = 3600, bool stay = false)
    {
        var client = new TestClient(Broker);
        client.Connect(id, cleanStart: false, sessionExpiry: expiry);
        Assert.StartsWith("ConnAck Success", client.Next(), StringComparison.Ordinal);
        client.Subscribe(filter, options: qos, expected: $"SubAck 9: 0{qos}");
        if (!stay) client.Vanish();
        return client;
    }

    /// <summary>The client connects again, and its session is there.</summary>
    internal TestClient Back(string id)
    {
        var client = new TestClient(Broker);
        client.Connect(id, cleanStart: false, sessionExpiry: 3600);
        Assert.StartsWith("ConnAck Success present", client.Next(), StringComparison.Ordinal);
        return client;
    }

    /// <summary>The server is gone without a word, and another one starts on what was safe.</summary>
    internal void Crash()
    {
        Workers.Settle(Broker);
        (Log, Documents) = (Log.Restart(), Documents.Copy());
        _broker = null;
        Workers.Clear();
    }

    public void Dispose()
    {
        Broker.Dispose();
        var counts = Counts;
        Assert.Equal(counts.Received, counts.Acknowledged + counts.Accepted + counts.Refused + counts.WaitingForCommit);
        GC.SuppressFinalize(this);
    }
}
