using System.Text;
using Millrace.Contracts.Records;
using Millrace.Gateway.Retained;
using Millrace.Gateway.Sessions;
using Millrace.Gateway.Topics;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Gateway.Connections;

/// <summary>One SUBSCRIBE: what is granted, and the retained messages that follow SUBACK.</summary>
internal sealed class Subscribing(Broker broker, Connection connection, Session session)
{
    private readonly List<(Subscription Subscription, List<RetainedMessage> Messages)> _retained = [];

    /// <summary>One for each filter.</summary>
    public List<byte> Codes { get; } = [];

    public bool HasChanged { get; private set; }

    public void Add(in SubscriptionRequest request, Properties properties)
    {
        properties.TryGet(PropertyId.SubscriptionIdentifier, out uint identifier);
        Codes.Add((byte)Subscribe(request, identifier));
    }

    /// <summary>SUBACK is on its way.</summary>
    public void SendRetained()
    {
        foreach (var (subscription, messages) in _retained) session.AddRetained(messages, subscription);
    }

    private ReasonCode Subscribe(in SubscriptionRequest request, uint identifier)
    {
        var reason = SubscribeRules.Check(request.Filter);
        if (reason != ReasonCode.Success) return reason;
        var isAws = connection.Peer.Listener.IsAwsIot;
        if (isAws && request.Qos == 2) return ReasonCode.UnspecifiedError;
        var share = SubscribeRules.SplitShare(request.Filter, out var filter);
        if (BasicIngestTopic.Is(filter) || !connection.Access.MaySubscribe(filter))
        {
            var what = $"No policy of {connection.Access.Principal} allows to subscribe to {Encoding.UTF8.GetString(filter)}.";
            LogMessages.NotAuthorized(broker.Logger, session.ClientId, connection.Peer.Address, what);
            return ReasonCode.NotAuthorized;
        }

        var isNew = session.Find(filter, share) is null;
        if (isNew && session.Subscriptions.Count >= MaxSubscriptions(isAws)) return ReasonCode.QuotaExceeded;
        if (isNew && session.Subscriptions.Sum(static s => s.Filter.Length) + request.Filter.Length > broker.Options.MaxFilterBytesPerClient.Bytes)
            return ReasonCode.QuotaExceeded;
        var subscription = broker.Subscribe(session, filter.ToArray(), share, request.Options, identifier, isAws, out var begins);
        HasChanged = true;
        if (share is null && WantsRetained(request, isNew)) CollectRetained(subscription, begins, isAws);
        return (ReasonCode)subscription.Qos;
    }

    // AWS IoT: 50 subscriptions a connection, reference section 3.1.
    private int MaxSubscriptions(bool isAws) => isAws ? Math.Min(50, broker.Options.MaxSubscriptionsPerClient) : broker.Options.MaxSubscriptionsPerClient;

    /// <summary>[MQTT-3.3.1-9] to [MQTT-3.3.1-11]: always, for a new subscription, or never. 3.1.1: always.</summary>
    private static bool WantsRetained(in SubscriptionRequest request, bool isNew) => request.RetainHandling == 0 || (request.RetainHandling == 1 && isNew);

    private void CollectRetained(Subscription subscription, long[] begins, bool isAws)
    {
        // AWS: only to subscriptions without wildcards.
        if (isAws && subscription.Filter.AsSpan().IndexOfAny((byte)'+', (byte)'#') >= 0) return;
        var found = new List<RetainedMessage>();
        broker.Retained.Collect(subscription.Filter, found);

        // What is dispatched after the subscription was made comes to it as any message does. QoS 0 was delivered before it was retained.
        found.RemoveAll(message => !message.Position.IsNone && message.Qos > 0 && message.Position.Offset >= begins[message.Position.Partition]);
        if (found.Count > 0) _retained.Add((subscription, found));
    }
}
