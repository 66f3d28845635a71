using Millrace.Contracts.Records;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Gateway.Sessions;

/// <summary>What a client wants published should it vanish (MQTT 5 section 3.1.2.5).</summary>
internal sealed class Will(in ConnectPacket connect)
{
    private readonly byte[] _topic = connect.WillTopic.ToArray();
    private readonly byte[] _payload = connect.WillPayload.ToArray();
    private readonly byte[] _properties = WithoutDelay(connect.WillProperties);
    private readonly byte _qos = connect.WillQos;

    public Record ToRecord(ReadOnlySpan<byte> clientId) => new()
    {
        Topic = _topic,
        Key = clientId,
        Payload = _payload,
        Properties = _properties,
        Flags = _qos == 0 ? RecordFlags.None : RecordFlags.Qos1,
        Offset = -1,
    };

    public Message ToMessage(object publisher) =>
        new() { Topic = _topic, Payload = _payload, Properties = _properties, Qos = _qos, Publisher = publisher };

    /// <summary>[MQTT-3.1.3-9] It is due when the session ends at the latest, and ours end with the connection: the delay never runs.</summary>
    private static byte[] WithoutDelay(Properties properties)
    {
        var writer = new PropertyWriter(new byte[properties.Bytes.Length]);
        foreach (var property in properties)
        {
            if (property.Id == PropertyId.WillDelayInterval) continue;
            if (property.Id == PropertyId.UserProperty) writer.AddUser(property.Name, property.Value);
            else if (property.Id is PropertyId.ContentType or PropertyId.ResponseTopic or PropertyId.CorrelationData) writer.Add(property.Id, property.Value);
            else writer.Add(property.Id, property.Number);
        }

        return writer.Written.Bytes.ToArray();
    }
}
