namespace Millrace.Mqtt;

/// <summary>How the value of a property is encoded.</summary>
internal enum PropertyKind : byte
{
    Unknown,
    Byte,
    TwoByte,
    FourByte,
    VarInt,
    Text,
    Binary,
    Pair,
}
