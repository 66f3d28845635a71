namespace Millrace.Mqtt;

/// <summary>Which reason codes a packet may carry (MQTT 5 section 2.4), and what MQTT 3.1.1 says in their place.</summary>
public static class ReasonCodes
{
    /// <summary>A client or server must use only the codes listed for the packet. [MQTT-3.2.2-8], [MQTT-3.4.2-1], [MQTT-3.9.3-2], [MQTT-3.14.2-1] and others.</summary>
    public static bool IsAllowed(PacketType packet, byte code) => packet switch
    {
        PacketType.ConnAck => code is 0 or (>= 0x80 and <= 0x8A) or 0x8C or 0x90 or 0x95 or 0x97 or (>= 0x99 and <= 0x9D) or 0x9F,
        PacketType.PubAck or PacketType.PubRec => code is 0 or 0x10 or 0x80 or 0x83 or 0x87 or 0x90 or 0x91 or 0x97 or 0x99,
        PacketType.PubRel or PacketType.PubComp => code is 0 or 0x92,
        PacketType.SubAck => code is <= 2 or 0x80 or 0x83 or 0x87 or 0x8F or 0x91 or 0x97 or 0x9E or 0xA1 or 0xA2,
        PacketType.UnsubAck => code is 0 or 0x11 or 0x80 or 0x83 or 0x87 or 0x8F or 0x91,
        PacketType.Disconnect => code is 0 or 0x04 or (>= 0x80 and <= 0x83) or 0x87 or 0x89 or 0x8B or (>= 0x8D and <= 0x90)
            or (>= 0x93 and <= 0xA2),
        PacketType.Auth => code is 0 or 0x18 or 0x19,
        _ => false,
    };

    /// <summary>The CONNACK return code of MQTT 3.1.1 (table 3.1) nearest to a reason.</summary>
    public static byte ToReturnCode(ReasonCode reason) => reason switch
    {
        ReasonCode.Success => 0,
        ReasonCode.UnsupportedProtocolVersion => 1,
        ReasonCode.ClientIdentifierNotValid => 2,
        ReasonCode.BadUserNameOrPassword => 4,
        ReasonCode.NotAuthorized or ReasonCode.Banned => 5,
        _ => 3,
    };

    /// <summary>What a CONNACK return code of MQTT 3.1.1 means.</summary>
    public static ReasonCode FromReturnCode(byte code) => code switch
    {
        0 => ReasonCode.Success,
        1 => ReasonCode.UnsupportedProtocolVersion,
        2 => ReasonCode.ClientIdentifierNotValid,
        3 => ReasonCode.ServerUnavailable,
        4 => ReasonCode.BadUserNameOrPassword,
        5 => ReasonCode.NotAuthorized,
        _ => ReasonCode.UnspecifiedError,
    };
}
