using System.Globalization;
using System.Text;
using Millrace.Gateway.Counting;
using Millrace.Gateway.Retained;
using Millrace.Gateway.Sessions;
using Millrace.Gateway.Topics;

namespace Millrace.Gateway.Observing;

/// <summary>The topics below <c>$SYS/broker</c>, named and reckoned as mosquitto has them: retained, QoS 0, in no log and no document.</summary>
/// <remarks>A topic is published when its value has changed. For one thread at a time.</remarks>
internal sealed class SysTopics(Broker broker)
{
    private const string Root = "$SYS/broker/";

    private static readonly string Version = $"millrace version {typeof(Broker).Assembly.GetName().Version?.ToString(3)}";

    private readonly DeliveryRound _round = new(broker.Topics, broker.Counters);
    private readonly Dictionary<string, string> _values = [];
    private readonly Dictionary<string, LoadAverage> _loads = [];
    private readonly long _startedAt = broker.Time.GetTimestamp();
    private long? _lastAt;
    private long _maximum;

    /// <summary>Publishes what has changed, where it is time to; at first soon after the start.</summary>
    /// <param name="now">A timestamp of the broker's clock.</param>
    public void PublishIfDue(long now)
    {
        if (broker.Options.SysInterval == TimeSpan.Zero) return;
        if (_lastAt is { } last && broker.Time.GetElapsedTime(last, now) < broker.Options.SysInterval) return;
        var since = broker.Time.GetElapsedTime(_lastAt ?? _startedAt, now);
        _lastAt = now;
        Publish("version", Version);
        Publish("uptime", string.Create(CultureInfo.InvariantCulture, $"{(long)broker.Time.GetElapsedTime(_startedAt, now).TotalSeconds} seconds"));
        var counts = broker.Counters.Snapshot();
        var listeners = broker.Counters.Listeners();
        PublishTotals(counts, listeners);
        PublishState(counts, broker.ReadState());
        PublishLoads(counts, listeners, since);
        _round.End();
    }

    private void PublishTotals(GatewayCounts counts, IReadOnlyList<ListenerCounts> listeners)
    {
        Publish("messages/received", listeners.Sum(static one => one.PacketsReceived));
        Publish("messages/sent", listeners.Sum(static one => one.PacketsSent));
        Publish("publish/messages/received", listeners.Sum(static one => one.MessagesReceived));
        Publish("publish/messages/sent", listeners.Sum(static one => one.MessagesSent));
        Publish("publish/messages/dropped", counts.Dropped);
        Publish("publish/bytes/received", listeners.Sum(static one => one.PayloadReceived));
        Publish("publish/bytes/sent", listeners.Sum(static one => one.PayloadSent));
        Publish("bytes/received", counts.BytesReceived);
        Publish("bytes/sent", counts.BytesSent);
    }

    private void PublishState(GatewayCounts counts, GatewayState state)
    {
        var total = counts.Connections + state.SessionsOffline;
        _maximum = Math.Max(_maximum, total);
        Publish("clients/total", total);
        Publish("clients/connected", counts.Connections);
        Publish("clients/disconnected", state.SessionsOffline);
        Publish("clients/maximum", _maximum);
        Publish("clients/expired", counts.SessionsExpired);
        Publish("subscriptions/count", counts.Subscriptions);
        Publish("shared_subscriptions/count", state.SharedSubscriptions);
        Publish("retained messages/count", state.RetainedMessages);

        // What is kept for somebody. A queued message is a position in the log: its bytes are not known here, so there is no store/messages/bytes.
        var stored = state.RetainedMessages + state.Queued + state.InFlight;
        Publish("messages/stored", stored);
        Publish("store/messages/count", stored);
    }

    private void PublishLoads(GatewayCounts counts, IReadOnlyList<ListenerCounts> listeners, TimeSpan since)
    {
        if (since <= TimeSpan.Zero) return;
        PublishLoad("messages/received", listeners.Sum(static one => one.PacketsReceived), since);
        PublishLoad("messages/sent", listeners.Sum(static one => one.PacketsSent), since);
        PublishLoad("publish/received", listeners.Sum(static one => one.MessagesReceived), since);
        PublishLoad("publish/sent", listeners.Sum(static one => one.MessagesSent), since);
        PublishLoad("publish/dropped", counts.Dropped, since);
        PublishLoad("bytes/received", counts.BytesReceived, since);
        PublishLoad("bytes/sent", counts.BytesSent, since);
        PublishLoad("sockets", listeners.Sum(static one => one.Sockets), since);
        PublishLoad("connections", counts.ConnectionsTotal, since);
    }

    private void PublishLoad(string what, long total, TimeSpan since)
    {
        if (!_loads.TryGetValue(what, out var load)) _loads[what] = load = new LoadAverage();
        load.Add(total, since);
        for (var i = 0; i < LoadAverage.Windows.Length; i++)
            Publish($"load/{what}/{LoadAverage.Windows[i]}min", load.PerMinute[i].ToString("F2", CultureInfo.InvariantCulture));
    }

    private void Publish(string topic, long value) => Publish(topic, value.ToString(CultureInfo.InvariantCulture));

    private void Publish(string topic, string value)
    {
        if (_values.TryGetValue(topic, out var before) && before == value) return;
        _values[topic] = value;
        var message = new Message
        {
            Topic = Encoding.UTF8.GetBytes(Root + topic),
            Payload = Encoding.UTF8.GetBytes(value),
            ArrivalNs = broker.NowNs,
            Retain = true,
        };
        broker.Retained.Put(new RetainedMessage(message, LogPosition.None, message.ArrivalNs));
        _round.Deliver(message);
    }
}
