namespace Millrace.Mqtt.Client;

/// <summary>The server refused, or the connection is no more. The message says which server and what to do.</summary>
public sealed class MqttException(ReasonCode reason, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>In the server's words; UnspecifiedError where the connection broke without any.</summary>
    public ReasonCode Reason { get; } = reason;
}
