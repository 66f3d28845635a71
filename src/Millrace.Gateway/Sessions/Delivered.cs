namespace Millrace.Gateway.Sessions;

/// <summary>What became of a message for a subscriber.</summary>
internal enum Delivered
{
    /// <summary>In the output, or next in line for it.</summary>
    Taken,

    /// <summary>QoS 0 and no room, or larger than the client takes.</summary>
    Dropped,

    /// <summary>QoS 1 and no room: the client must go.</summary>
    Overflow,
}
