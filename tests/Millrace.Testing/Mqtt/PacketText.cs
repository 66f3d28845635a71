using System.Text;
using Millrace.Mqtt;
using Millrace.Mqtt.Packets;

namespace Millrace.Testing.Mqtt;

/// <summary>A packet with everything in it as text, as the codec reads it.</summary>
public static class PacketText
{
    /// <returns>Null where the codec does not read it.</returns>
    public static string? Of(in Packet packet, ProtocolVersion version)
    {
        var name = packet.Type.ToString().ToUpperInvariant();
        return Body(packet, version) is { } body ? $"{name} {body}".TrimEnd() : null;
    }

    private static string? Body(in Packet packet, ProtocolVersion version)
    {
        switch (packet.Type)
        {
            case PacketType.Connect:
                return ConnectPacket.Read(packet, out var connect) == ReasonCode.Success ? Of(connect) : null;
            case PacketType.ConnAck:
                if (ConnAckPacket.Read(packet, version, out var connAck) != ReasonCode.Success) return null;
                return $"present={connAck.SessionPresent} {(byte)connAck.Reason:X2} {Of(connAck.Properties)}";
            case PacketType.Publish:
                if (PublishPacket.Read(packet, version, out var publish) != ReasonCode.Success) return null;
                return $"q{publish.Qos} #{publish.PacketId} dup={publish.Dup} retain={publish.Retain} "
                    + $"{Convert.ToHexString(publish.Topic)} {Of(publish.Properties)} {Convert.ToHexString(publish.Payload)}";
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                if (AckPacket.Read(packet, version, out var ack) != ReasonCode.Success) return null;
                return $"#{ack.PacketId} {(byte)ack.Reason:X2} {Of(ack.Properties)}";
            case PacketType.Subscribe:
                return SubscribePacket.Read(packet, version, out var subscribe) == ReasonCode.Success ? Of(subscribe) : null;
            case PacketType.Unsubscribe:
                return UnsubscribePacket.Read(packet, version, out var unsubscribe) == ReasonCode.Success ? Of(unsubscribe) : null;
            case PacketType.SubAck or PacketType.UnsubAck:
                return SubAckPacket.Read(packet, version, out var subAck) == ReasonCode.Success ? Of(subAck) : null;
            case PacketType.Disconnect:
                if (DisconnectPacket.Read(packet, version, out var disconnect) != ReasonCode.Success) return null;
                return $"{(byte)disconnect.Reason:X2} {Of(disconnect.Properties)}";
            case PacketType.Auth:
                if (AuthPacket.Read(packet, version, out var auth) != ReasonCode.Success) return null;
                return $"{(byte)auth.Reason:X2} {Of(auth.Properties)}";
            default:
                return PingPacket.Read(packet) == ReasonCode.Success ? "" : null;
        }
    }

    private static string Of(in ConnectPacket connect)
    {
        var text = $"v{(byte)connect.Version} clean={connect.CleanStart} keep={connect.KeepAlive} {Of(connect.Properties)} "
            + $"id={Convert.ToHexString(connect.ClientId)}";
        if (connect.HasWill)
        {
            text += $" will q{connect.WillQos} retain={connect.WillRetain} {Of(connect.WillProperties)} "
                + $"{Convert.ToHexString(connect.WillTopic)} {Convert.ToHexString(connect.WillPayload)}";
        }

        if (connect.HasUserName) text += $" user={Convert.ToHexString(connect.UserName)}";
        if (connect.HasPassword) text += $" password={Convert.ToHexString(connect.Password)}";
        return text;
    }

    private static string Of(in SubscribePacket subscribe)
    {
        var text = new StringBuilder($"#{subscribe.PacketId} {Of(subscribe.Properties)}");
        foreach (var request in subscribe.Subscriptions)
            text.Append(' ').Append(Convert.ToHexString(request.Filter)).Append(':').Append(Convert.ToHexString([request.Options]));
        return text.ToString();
    }

    private static string Of(in UnsubscribePacket unsubscribe)
    {
        var text = new StringBuilder($"#{unsubscribe.PacketId} {Of(unsubscribe.Properties)}");
        foreach (var filter in unsubscribe.Filters) text.Append(' ').Append(Convert.ToHexString(filter));
        return text.ToString();
    }

    private static string Of(in SubAckPacket subAck)
    {
        var text = new StringBuilder($"#{subAck.PacketId} {Of(subAck.Properties)}");
        foreach (var code in subAck.Codes) text.Append(' ').Append(Convert.ToHexString([code]));
        return text.ToString();
    }

    private static string Of(Properties properties)
    {
        var text = new List<string>();
        foreach (var property in properties)
        {
            var value = PropertyRules.KindOf(property.Id) switch
            {
                PropertyKind.Text or PropertyKind.Binary => Convert.ToHexString(property.Value),
                PropertyKind.Pair => Convert.ToHexString(property.Name) + ":" + Convert.ToHexString(property.Value),
                _ => property.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
            };
            text.Add($"{(byte)property.Id:X2}={value}");
        }

        return $"[{string.Join(' ', text)}]";
    }
}
