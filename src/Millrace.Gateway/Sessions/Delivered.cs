namespace Millrace.Gateway.Sessions;

/// <summary>What became of a message on its way to a connection.</summary>
internal enum Delivered
{
    /// <summary>In the output.</summary>
    Sent,

    /// <summary>The output is full; the session is told when there is room again.</summary>
    NoRoom,

    /// <summary>Larger than the client takes. [MQTT-3.1.2-25] It is dealt with as if it had been sent.</summary>
    TooLarge,

    /// <summary>Its Message Expiry Interval has passed. [MQTT-3.3.2-5]</summary>
    Expired,
}
