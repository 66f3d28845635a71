namespace Millrace.Mqtt;

/// <summary>A control packet of which the fixed header has been read and checked. What is in it is read by the packet's own type.</summary>
public readonly ref struct Packet
{
    public PacketType Type { get; init; }

    /// <summary>The lower four bits of the first byte.</summary>
    public byte Flags { get; init; }

    /// <summary>All that follows the fixed header, in the reader's memory: good until the next read.</summary>
    public ReadOnlySpan<byte> Body { get; init; }
}
