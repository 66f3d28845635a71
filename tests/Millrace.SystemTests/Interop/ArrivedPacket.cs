using Millrace.Mqtt;

namespace Millrace.SystemTests.Interop;

/// <summary>A packet from the server, in memory of its own.</summary>
internal sealed record ArrivedPacket(PacketType Type, byte Flags, byte[] Body)
{
    public Packet Packet => new() { Type = Type, Flags = Flags, Body = Body };

    /// <summary>What a CONNACK or DISCONNECT of MQTT 5 says, or a CONNACK of 3.1.1, as it stands on the wire.</summary>
    public byte Code => Type switch
    {
        PacketType.ConnAck => Body[1],
        PacketType.Disconnect => Body.Length > 0 ? Body[0] : (byte)0,
        _ => throw new InvalidOperationException($"{Type} has no code"),
    };

    public override string ToString() => $"{Type} {Convert.ToHexString(Body)}";
}
