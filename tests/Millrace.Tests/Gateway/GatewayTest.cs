using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Gateway;
using Millrace.Gateway.Counting;
using Millrace.Mqtt;
using Millrace.Testing.Mqtt;

namespace Millrace.Tests.Gateway;

/// <summary>A broker on a log and a clock that the test moves. At the end its books must balance.</summary>
public abstract class GatewayTest : IDisposable
{
    private Broker? _broker;

    internal ManualLog Log { get; } = new();

    internal ManualTime Time { get; } = new();

    internal BrokerOptions Options { get; set; } = new();

    internal Broker Broker => _broker ??= new Broker(Log, Options, Time, NullLogger.Instance);

    internal GatewayCounts Counts => Broker.Counters.Snapshot();

    internal TestClient Client(string id = "car", ProtocolVersion version = ProtocolVersion.V5) => TestClient.Connected(Broker, id, version);

    public void Dispose()
    {
        Broker.Dispose();
        var counts = Counts;
        Assert.Equal(counts.Received, counts.Acknowledged + counts.Accepted + counts.Refused + counts.WaitingForCommit);
        GC.SuppressFinalize(this);
    }
}
