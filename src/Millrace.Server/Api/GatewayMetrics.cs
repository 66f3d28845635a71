using Millrace.Gateway.Counting;
using Millrace.Gateway.Observing;

namespace Millrace.Server.Api;

/// <summary>The gateway's metrics beyond the loss ledger: what each listener's clients did, and what waits.</summary>
internal static class GatewayMetrics
{
    public static void Write(PrometheusText text, GatewayCounts counts, GatewayState state, IReadOnlyList<ListenerCounts> listeners)
    {
        WriteState(text, counts, state);
        foreach (var one in listeners) text.Gauge("millrace_listener_connections", "Open MQTT connections", one.Connections, Of(one));
        Counter("connections_total", "Connections whose CONNECT was accepted", static one => one.ConnectionsTotal);
        Counter(
            "connections_refused_total", "CONNECTs refused, failed TLS handshakes, and connections closed for lack of room", static one => one.ConnectionsRefused);
        Counter("authentication_failures_total", "Clients whose credential was not accepted", static one => one.AuthenticationFailures);
        Counter("protocol_errors_total", "Connections closed because what came was not MQTT, or not allowed by it", static one => one.ProtocolErrors);
        Counter("messages_received_total", "PUBLISH packets from clients", static one => one.MessagesReceived);
        Counter("messages_sent_total", "PUBLISH packets to clients", static one => one.MessagesSent);
        Counter("bytes_received_total", "Bytes of MQTT packets from clients", static one => one.BytesReceived);
        Counter("bytes_sent_total", "Bytes of MQTT packets to clients", static one => one.BytesSent);
        Counter("throttled_total", "Pauses in reading from a client that published more than maxPublishRate or maxPublishBytes", static one => one.Throttled);

        void Counter(string name, string help, Func<ListenerCounts, long> value)
        {
            foreach (var one in listeners) text.Counter($"millrace_listener_{name}", help, value(one), Of(one));
        }
    }

    private static void WriteState(PrometheusText text, GatewayCounts counts, GatewayState state)
    {
        text.Gauge("millrace_gateway_subscriptions", "Subscriptions of all sessions", counts.Subscriptions);
        text.Gauge("millrace_gateway_sessions_offline", "Sessions that are kept without a connection", state.SessionsOffline);
        text.Gauge("millrace_gateway_inflight_messages", "QoS 1 and 2 messages sent to clients and not acknowledged to the end", state.InFlight);
        text.Gauge("millrace_gateway_queued_messages", "Messages listed for clients that have no room or are away", state.Queued);
        text.Gauge("millrace_gateway_retained_messages", "Retained messages, with those below $SYS", state.RetainedMessages);
        text.Gauge("millrace_gateway_retained_bytes", "Bytes of these, with their topics", state.RetainedBytes);
        text.Gauge("millrace_gateway_dispatcher_lag_records", "Records that are committed and not handed to subscribers yet", state.DispatcherLag);
        text.Counter("millrace_gateway_sent_messages_total", "Messages handed to the connections of subscribers", counts.Sent);
        text.Counter(
            "millrace_gateway_dropped_messages_total", "Messages that a subscriber did not get: it read too slowly, or takes no packet this large",
            counts.Dropped);
        text.Counter("millrace_gateway_sessions_expired_total", "Sessions whose time without a connection was up", counts.SessionsExpired);
        text.Counter("millrace_gateway_lifecycle_events_dropped_total", "Events on $aws/events that were not published", counts.LifecycleEventsDropped);
    }

    private static (string Name, string Value) Of(ListenerCounts one) => ("listener", one.Listener);
}
