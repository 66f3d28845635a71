namespace Millrace.Mqtt.Client;

/// <summary>A message that a subscription brought.</summary>
public sealed record MqttMessage(string Topic, ReadOnlyMemory<byte> Payload)
{
    public int Qos { get; init; }

    public bool Retain { get; init; }

    public bool Dup { get; init; }

    /// <summary>As they came over the wire; <see cref="Mqtt.Properties"/> reads them. Empty in 3.1.1.</summary>
    public ReadOnlyMemory<byte> Properties { get; init; }
}
