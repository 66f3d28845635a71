namespace Millrace.Contracts.Flows;

/// <summary>Publishes to MQTT from inside: to subscribers, and into the ingress log like anything a device sends.</summary>
public interface IPublisher
{
    /// <summary>Ends when the message is safe (QoS 1) or handed on (QoS 0).</summary>
    /// <param name="topic">Without wildcards.</param>
    /// <param name="payload">Any bytes; not to be written to until this has ended.</param>
    /// <param name="qos">0 or 1.</param>
    /// <param name="retain">Whether it is kept for those who subscribe later.</param>
    /// <param name="properties">For subscribers that speak MQTT 5, and for rules; null: none.</param>
    /// <param name="stop">Gives up waiting; what is in the log by then stays there.</param>
    /// <exception cref="FaultException">Refused, with the reason: the topic is not one that can be published to, or topic, payload or properties are too large or no MQTT.</exception>
    ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, int qos, bool retain, PublishProperties? properties, CancellationToken stop);
}
