namespace Millrace.Contracts.Flows;

/// <summary>Publishes to MQTT from inside: to subscribers, and into the ingress log like anything a device sends.</summary>
public interface IPublisher
{
    /// <summary>Ends when the message is safe (QoS 1) or handed on (QoS 0).</summary>
    /// <exception cref="FaultException">Refused, with the reason: the topic is not one that can be published to, or the payload is too large.</exception>
    ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, int qos, bool retain, CancellationToken stop);
}
