namespace Millrace.Mqtt.Client;

/// <summary>How a client introduces itself, and how much it does at once.</summary>
public sealed record MqttClientOptions
{
    /// <summary>Empty: the server assigns one.</summary>
    public string ClientId { get; init; } = "";

    public ProtocolVersion Version { get; init; } = ProtocolVersion.V5;

    public bool CleanStart { get; init; } = true;

    /// <summary>A ping is sent when nothing else was for half of this. Zero: never.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    public string? UserName { get; init; }

    public string? Password { get; init; }

    /// <summary>How many QoS 1 messages may be without PUBACK; the server's Receive Maximum may lower it.</summary>
    public int MaxInFlight { get; init; } = 64;

    /// <summary>What this client takes; told to the server in MQTT 5.</summary>
    public int MaxPacketSize { get; init; } = 1 << 20;

    /// <summary>Received messages that nobody has read yet. When it is full, no more is read from the server.</summary>
    public int MaxQueuedMessages { get; init; } = 1024;

    /// <summary>How long to wait for CONNACK, SUBACK and UNSUBACK.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Told for each PUBACK the server's reason and how long it took from handing the message over. Called by the reading loop: be quick, and do
    /// not throw.
    /// </summary>
    public Action<ReasonCode, TimeSpan>? Acknowledged { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
