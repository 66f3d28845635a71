using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Millrace.Gateway.Connections;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Gateway.Observing;

/// <summary>The lifecycle events of one connection, as AWS IoT has them. Any thread.</summary>
internal sealed class ConnectionLifecycle
{
    // Read as JSON, never put into a page: '+' may stay '+'.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Connection _connection;
    private readonly string _clientId;
    private readonly LifecycleEvents _events;
    private readonly string _sessionIdentifier = Guid.NewGuid().ToString();
    private readonly Lock _gate = new();
    private int? _version;

    private ConnectionLifecycle(Connection connection, string clientId, LifecycleEvents events) =>
        (_connection, _clientId, _events) = (connection, clientId, events);

    /// <returns>Null where there are none: the listener does not have AWS IoT's rules, or the client id could not stand in a topic.</returns>
    public static ConnectionLifecycle? Of(Connection connection, string clientId, LifecycleEvents events) =>
        connection.Peer.Listener.IsAwsIot && clientId.AsSpan().IndexOfAny('#', '+') < 0 ? new ConnectionLifecycle(connection, clientId, events) : null;

    /// <summary>The client was let in.</summary>
    public void Connected() => VersionOf();

    /// <param name="reason">See <see cref="DisconnectReason.Of"/>.</param>
    public void Disconnected(ReasonCode reason)
    {
        // It may be closed before the thread that let it in has come to say so.
        var version = VersionOf();
        _events.Versions.Disconnected(_clientId, version);
        Publish("presence", "disconnected", json =>
        {
            json.WriteBoolean("clientInitiatedDisconnect", reason == ReasonCode.Success);
            json.WriteString("disconnectReason", DisconnectReason.Of(reason));
            json.WriteNumber("versionNumber", version);
        });
    }

    /// <param name="subscribe">As it came.</param>
    /// <param name="codes">What it is answered with; a refused filter is left out.</param>
    public void Subscribed(in SubscribePacket subscribe, List<byte> codes)
    {
        var topics = new List<string>();
        var at = 0;
        foreach (var request in subscribe.Subscriptions)
            if (codes[at++] < (byte)ReasonCode.UnspecifiedError) topics.Add(Encoding.UTF8.GetString(request.Filter));
        PublishTopics("subscribed", topics);
    }

    /// <param name="unsubscribe">As it came.</param>
    /// <param name="codes">What it is answered with; a filter that was not subscribed to is left out.</param>
    public void Unsubscribed(in UnsubscribePacket unsubscribe, List<byte> codes)
    {
        var topics = new List<string>();
        var at = 0;
        foreach (var filter in unsubscribe.Filters)
            if (codes[at++] == (byte)ReasonCode.Success) topics.Add(Encoding.UTF8.GetString(filter));
        PublishTopics("unsubscribed", topics);
    }

    private int VersionOf()
    {
        lock (_gate)
        {
            if (_version is { } known) return known;
            var version = _events.Versions.Connected(_clientId);
            _version = version;
            Publish("presence", "connected", json =>
            {
                json.WriteString("ipAddress", _connection.Peer.Host);
                json.WriteNumber("versionNumber", version);
            });
            return version;
        }
    }

    private void PublishTopics(string type, List<string> topics)
    {
        if (topics.Count == 0) return;
        Publish("subscriptions", type, json =>
        {
            json.WriteStartArray("topics");
            foreach (var topic in topics) json.WriteStringValue(topic);
            json.WriteEndArray();
        });
    }

    private void Publish(string family, string type, Action<Utf8JsonWriter> rest)
    {
        var payload = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(payload, Readable))
        {
            json.WriteStartObject();
            json.WriteString("clientId", _clientId);
            json.WriteNumber("timestamp", _events.Time.GetUtcNow().ToUnixTimeMilliseconds());
            json.WriteString("eventType", type);
            json.WriteString("sessionIdentifier", _sessionIdentifier);
            json.WriteString("principalIdentifier", _connection.Access.Principal);
            rest(json);
            json.WriteEndObject();
        }

        _events.Add(_clientId, $"$aws/events/{family}/{type}/{_clientId}", payload.WrittenSpan.ToArray());
    }
}
