namespace Millrace.Mqtt.Packets;

/// <summary>PINGREQ and PINGRESP (sections 3.12 and 3.13), which are nothing but their type.</summary>
public static class PingPacket
{
    /// <returns>Success, or why the connection is to be closed.</returns>
    public static ReasonCode Read(in Packet packet) => packet.Body.IsEmpty ? ReasonCode.Success : ReasonCode.MalformedPacket;
}
