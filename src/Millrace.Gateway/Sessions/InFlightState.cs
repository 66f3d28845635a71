namespace Millrace.Gateway.Sessions;

/// <summary>How far a message to a client has come.</summary>
internal enum InFlightState : byte
{
    /// <summary>PUBLISH was sent; PUBACK or PUBREC is awaited.</summary>
    Sent,

    /// <summary>QoS 2: PUBREC has come; PUBREL goes out as soon as that is safe, and PUBCOMP is awaited.</summary>
    Released,
}
