using Millrace.Contracts.Records;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Gateway.Sessions;

/// <summary>What a client wants published should it vanish (MQTT 5 section 3.1.2.5).</summary>
internal sealed class Will
{
    public Will(in ConnectPacket connect)
    {
        connect.WillProperties.TryGet(PropertyId.WillDelayInterval, out uint delay);
        (Topic, Payload, Properties) = (connect.WillTopic.ToArray(), connect.WillPayload.ToArray(), WithoutDelay(connect.WillProperties));
        (Qos, Retain, DelaySeconds) = (connect.WillQos, connect.WillRetain, delay);
    }

    public Will(byte[] topic, byte[] payload, byte[] properties, byte qos, bool retain, uint delaySeconds) =>
        (Topic, Payload, Properties, Qos, Retain, DelaySeconds) = (topic, payload, properties, qos, retain, delaySeconds);

    public byte[] Topic { get; }

    public byte[] Payload { get; }

    /// <summary>Without the delay, which is for the server alone.</summary>
    public byte[] Properties { get; }

    public byte Qos { get; }

    public bool Retain { get; }

    public uint DelaySeconds { get; }

    private static byte[] WithoutDelay(Properties properties)
    {
        var writer = new PropertyWriter(new byte[properties.Bytes.Length]);
        foreach (var property in properties)
            if (property.Id != PropertyId.WillDelayInterval) writer.Add(property);
        return writer.Written.Bytes.ToArray();
    }
}
