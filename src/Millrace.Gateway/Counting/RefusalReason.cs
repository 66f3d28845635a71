namespace Millrace.Gateway.Counting;

/// <summary>Why a message that was published is not in the log.</summary>
public enum RefusalReason
{
    /// <summary>A QoS that the listener does not offer.</summary>
    Qos,

    /// <summary>It was to be retained, and no more can be or not on this topic.</summary>
    Retain,

    /// <summary>The topic is longer than the options allow, or not one that can be published to.</summary>
    Topic,

    /// <summary>A topic alias that stands for nothing, or a subscription identifier, which a client must not send.</summary>
    Property,

    /// <summary>No policy allows it.</summary>
    NotAuthorized,

    /// <summary>More than the log or the options allow.</summary>
    TooLarge,

    /// <summary>More QoS 1 messages in flight than the Receive Maximum.</summary>
    ReceiveMaximum,

    /// <summary>QoS 0, and the log had no room: it does not wait for these.</summary>
    LogFull,

    /// <summary>The server is stopping, or its log has failed.</summary>
    LogClosed,
}
