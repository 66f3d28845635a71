namespace Millrace.Server;

/// <summary>What reads and writes the sockets of plain MQTT.</summary>
public enum MqttTransport
{
    /// <summary>Epoll where it is supported, Kestrel elsewhere.</summary>
    Auto,

    Kestrel,

    Epoll,
}
