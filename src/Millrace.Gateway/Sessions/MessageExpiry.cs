using Millrace.Mqtt;

namespace Millrace.Gateway.Sessions;

/// <summary>How long a message may still be delivered (MQTT 5 section 3.3.2.3.3).</summary>
internal static class MessageExpiry
{
    private const long NsPerSecond = 1_000_000_000;

    /// <param name="message">With its properties as they were published.</param>
    /// <param name="broker">Whose clock is read, where the message has an end at all.</param>
    /// <param name="seconds">What is left, to be sent along; null where it never expires.</param>
    /// <returns>False where it has expired. [MQTT-3.3.2-5]</returns>
    public static bool TryGetRemaining(in Message message, Broker broker, out uint? seconds)
    {
        seconds = null;
        if (message.Properties.IsEmpty || !new Properties(message.Properties).TryGet(PropertyId.MessageExpiryInterval, out uint interval)) return true;
        var waited = message.ArrivalNs == 0 ? 0 : Math.Max(0, broker.NowNs - message.ArrivalNs) / NsPerSecond;

        // [MQTT-3.3.2-6] The value received minus the time that the message has been waiting.
        seconds = waited >= interval ? 0 : (uint)(interval - waited);
        return waited < interval;
    }
}
