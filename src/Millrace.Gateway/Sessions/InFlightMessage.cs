using Millrace.Gateway.Retained;

namespace Millrace.Gateway.Sessions;

/// <summary>A QoS 1 or 2 message that was sent to a client and is not acknowledged. Its bytes are in the log, or with the retained messages.</summary>
internal struct InFlightMessage
{
    public ushort PacketId;

    public byte Qos;

    /// <summary>The RETAIN bit it was sent with; what is sent again has the same.</summary>
    public bool Retain;

    public InFlightState State;

    /// <summary>The connection that it was last sent on, by the session's count of them.</summary>
    public int SentOn;

    /// <summary>None for a retained message that was sent because of a subscription.</summary>
    public LogPosition Position;

    /// <summary>Where there is no position.</summary>
    public RetainedMessage? Retained;

    /// <summary>The shared subscription that it was taken from; null for the client's own.</summary>
    public SharedGroup? Group;
}
