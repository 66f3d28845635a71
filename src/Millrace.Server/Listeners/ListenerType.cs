namespace Millrace.Server.Listeners;

/// <summary>What devices speak at a listener.</summary>
public enum ListenerType
{
    Mqtt,

    /// <summary>MQTT over TLS, and publishing over HTTPS where the client asks for that by ALPN.</summary>
    Mqtts,

    /// <summary>MQTT over WebSocket.</summary>
    Ws,

    /// <summary>MQTT over WebSocket over TLS.</summary>
    Wss,

    /// <summary>Publishing over HTTPS.</summary>
    Https,
}
