namespace Millrace.Mqtt;

/// <summary>Table 2-4 of MQTT 5: how each property is encoded, and where it may stand.</summary>
internal static class PropertyRules
{
    /// <summary>The properties of a will stand inside CONNECT and are a set of their own.</summary>
    public const PacketType Will = 0;

    public static PropertyKind KindOf(PropertyId id) => id switch
    {
        PropertyId.PayloadFormatIndicator or PropertyId.RequestProblemInformation or PropertyId.RequestResponseInformation
            or PropertyId.MaximumQos or PropertyId.RetainAvailable or PropertyId.WildcardSubscriptionAvailable
            or PropertyId.SubscriptionIdentifierAvailable or PropertyId.SharedSubscriptionAvailable => PropertyKind.Byte,
        PropertyId.ServerKeepAlive or PropertyId.ReceiveMaximum or PropertyId.TopicAliasMaximum or PropertyId.TopicAlias
            => PropertyKind.TwoByte,
        PropertyId.MessageExpiryInterval or PropertyId.SessionExpiryInterval or PropertyId.WillDelayInterval
            or PropertyId.MaximumPacketSize => PropertyKind.FourByte,
        PropertyId.SubscriptionIdentifier => PropertyKind.VarInt,
        PropertyId.ContentType or PropertyId.ResponseTopic or PropertyId.AssignedClientIdentifier or PropertyId.AuthenticationMethod
            or PropertyId.ResponseInformation or PropertyId.ServerReference or PropertyId.ReasonString => PropertyKind.Text,
        PropertyId.CorrelationData or PropertyId.AuthenticationData => PropertyKind.Binary,
        PropertyId.UserProperty => PropertyKind.Pair,
        _ => PropertyKind.Unknown,
    };

    /// <summary>A bit for each property the packet may carry.</summary>
    public static ulong AllowedIn(PacketType packet) => packet switch
    {
        PacketType.Publish => Application | Bit(PropertyId.SubscriptionIdentifier) | Bit(PropertyId.TopicAlias),
        Will => Application | Bit(PropertyId.WillDelayInterval),
        PacketType.Connect => Authentication | Bit(PropertyId.SessionExpiryInterval) | Bit(PropertyId.RequestProblemInformation)
            | Bit(PropertyId.RequestResponseInformation) | Limits,
        PacketType.ConnAck => Authentication | Bit(PropertyId.SessionExpiryInterval) | Bit(PropertyId.AssignedClientIdentifier)
            | Bit(PropertyId.ServerKeepAlive) | Bit(PropertyId.ResponseInformation) | Bit(PropertyId.ServerReference)
            | Bit(PropertyId.ReasonString) | Limits | Bit(PropertyId.MaximumQos) | Bit(PropertyId.RetainAvailable)
            | Bit(PropertyId.WildcardSubscriptionAvailable) | Bit(PropertyId.SubscriptionIdentifierAvailable)
            | Bit(PropertyId.SharedSubscriptionAvailable),
        PacketType.Subscribe => Bit(PropertyId.SubscriptionIdentifier) | Bit(PropertyId.UserProperty),
        PacketType.Unsubscribe => Bit(PropertyId.UserProperty),
        PacketType.Disconnect => Answer | Bit(PropertyId.SessionExpiryInterval) | Bit(PropertyId.ServerReference),
        PacketType.Auth => Authentication | Bit(PropertyId.ReasonString),
        PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp or PacketType.SubAck or PacketType.UnsubAck
            => Answer,
        _ => 0,
    };

    public static ulong Bit(PropertyId id) => 1UL << (int)id;

    private static readonly ulong Application = Bit(PropertyId.PayloadFormatIndicator) | Bit(PropertyId.MessageExpiryInterval)
        | Bit(PropertyId.ContentType) | Bit(PropertyId.ResponseTopic) | Bit(PropertyId.CorrelationData) | Bit(PropertyId.UserProperty);

    private static readonly ulong Authentication = Bit(PropertyId.AuthenticationMethod) | Bit(PropertyId.AuthenticationData)
        | Bit(PropertyId.UserProperty);

    private static readonly ulong Limits = Bit(PropertyId.ReceiveMaximum) | Bit(PropertyId.TopicAliasMaximum)
        | Bit(PropertyId.MaximumPacketSize);

    private static readonly ulong Answer = Bit(PropertyId.ReasonString) | Bit(PropertyId.UserProperty);

    /// <summary>Values that the specification makes an error though they can be encoded.</summary>
    public static ReasonCode CheckNumber(PropertyId id, uint value) => id switch
    {
        PropertyId.PayloadFormatIndicator or PropertyId.RequestProblemInformation or PropertyId.RequestResponseInformation
            or PropertyId.MaximumQos or PropertyId.RetainAvailable or PropertyId.WildcardSubscriptionAvailable
            or PropertyId.SubscriptionIdentifierAvailable or PropertyId.SharedSubscriptionAvailable when value > 1
            => ReasonCode.ProtocolError,

        // Sections 3.1.2.11.3, 3.1.2.11.4 and 3.3.2.3.8: zero is a protocol error for each of them.
        PropertyId.ReceiveMaximum or PropertyId.MaximumPacketSize or PropertyId.SubscriptionIdentifier when value == 0
            => ReasonCode.ProtocolError,

        // [MQTT-3.3.2-8] A topic alias of 0 must not be sent.
        PropertyId.TopicAlias when value == 0 => ReasonCode.TopicAliasInvalid,
        _ => ReasonCode.Success,
    };
}
