using Millrace.Gateway.Topics;

namespace Millrace.Gateway.Sessions;

/// <summary>How a message goes to a client, by all of its subscriptions that match: one copy, with the highest QoS of them.</summary>
/// <remarks>[MQTT-3.3.4-2], and of 3.1.1 [MQTT-3.3.5-1]: the maximum QoS of all that match.</remarks>
internal readonly ref struct DeliveryTerms
{
    private DeliveryTerms(ReadOnlySpan<Subscription> matches, byte qos, bool retain, bool skipsNoLocal)
    {
        Matches = matches;
        (Qos, Retain, SkipsNoLocal) = (qos, retain, skipsNoLocal);
    }

    public ReadOnlySpan<Subscription> Matches { get; }

    public byte Qos { get; }

    /// <summary>The RETAIN bit of the delivery.</summary>
    public bool Retain { get; }

    private bool SkipsNoLocal { get; }

    /// <returns>False where none of them wants it: [MQTT-3.8.3-3] not to the one it came from, where that was asked for.</returns>
    public static bool TryGet(scoped in Message message, ReadOnlySpan<Subscription> matches, ReadOnlySpan<byte> clientId, out DeliveryTerms terms)
    {
        var (any, own) = (false, false);
        var retain = false;
        byte qos = 0;
        foreach (var subscription in matches)
        {
            if (subscription.NoLocal && (own || message.PublisherId.SequenceEqual(clientId)))
            {
                own = true;
                continue;
            }

            any = true;
            qos = Math.Max(qos, Math.Min(message.Qos, subscription.Qos));

            // [MQTT-3.3.1-12], [MQTT-3.3.1-13]: a live message keeps its RETAIN only where that was asked for.
            retain |= message.Retain && subscription.RetainAsPublished;
        }

        terms = new DeliveryTerms(matches, qos, retain, own);
        return any;
    }

    /// <summary>[MQTT-3.3.1-8] A message that is sent because of a new subscription has RETAIN set.</summary>
    public static DeliveryTerms OfRetained(scoped in Message message, ReadOnlySpan<Subscription> subscription) =>
        new(subscription, Math.Min(message.Qos, subscription[0].Qos), retain: true, skipsNoLocal: false);

    /// <summary>For the same subscriptions with another QoS and RETAIN: as a message was sent before, or as it can be sent now.</summary>
    public DeliveryTerms Again(byte qos, bool retain) => new(Matches, qos, retain, SkipsNoLocal);

    /// <summary>Whether a subscription counts; only those send their identifier along.</summary>
    public bool Includes(Subscription subscription) => !SkipsNoLocal || !subscription.NoLocal;
}
