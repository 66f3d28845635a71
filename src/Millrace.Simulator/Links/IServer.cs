using Millrace.Mqtt.Client;

namespace Millrace.Simulator.Links;

/// <summary>The MQTT server, as a device sees it.</summary>
internal interface IServer
{
    /// <param name="clientId">Of the device.</param>
    /// <param name="received">Gets each message that a subscription brings, one at a time.</param>
    /// <param name="stop">Gives up connecting; nothing else.</param>
    /// <exception cref="MqttException">There is no connection, and why.</exception>
    Task<ILink> ConnectAsync(string clientId, Action<ReadOnlyMemory<byte>> received, CancellationToken stop);
}
