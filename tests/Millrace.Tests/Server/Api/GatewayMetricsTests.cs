using Millrace.Gateway.Counting;
using Millrace.Gateway.Observing;
using Millrace.Server.Api;

namespace Millrace.Tests.Server.Api;

public sealed class GatewayMetricsTests
{
    [Fact]
    public void Every_listener_has_a_sample_in_every_family_that_tells_listeners_apart()
    {
        var text = new PrometheusText();
        ListenerCounts[] listeners =
        [
            new() { Listener = "plain", Connections = 2, ConnectionsTotal = 5, MessagesReceived = 7, BytesSent = 11 },
            new() { Listener = "tls", AuthenticationFailures = 3, ProtocolErrors = 4, Throttled = 6 },
        ];
        GatewayMetrics.Write(text, new GatewayCounts { Dropped = 9 }, new GatewayState { Queued = 8, DispatcherLag = 10 }, listeners);
        var lines = text.ToString().Split('\n');
        string[] expected =
        [
            "millrace_gateway_queued_messages 8", "millrace_gateway_dispatcher_lag_records 10", "millrace_gateway_dropped_messages_total 9",
            "millrace_listener_connections{listener=\"plain\"} 2", "millrace_listener_connections_total{listener=\"plain\"} 5",
            "millrace_listener_messages_received_total{listener=\"plain\"} 7", "millrace_listener_bytes_sent_total{listener=\"plain\"} 11",
            "millrace_listener_authentication_failures_total{listener=\"tls\"} 3", "millrace_listener_protocol_errors_total{listener=\"tls\"} 4",
            "millrace_listener_throttled_total{listener=\"tls\"} 6", "millrace_listener_connections{listener=\"tls\"} 0",
        ];
        Assert.Superset(expected.ToHashSet(), lines.ToHashSet());
        Assert.Equal(20, lines.Count(static line => line.Contains("listener=", StringComparison.Ordinal)));

        // Samples of a family stand together: each has its head once.
        var heads = lines.Where(static line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(heads.Distinct(), heads);
    }
}
