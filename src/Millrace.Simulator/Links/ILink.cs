using Millrace.Mqtt.Client;

namespace Millrace.Simulator.Links;

/// <summary>One connection of one device. Broken once, it stays so: every call then throws <see cref="MqttException"/>.</summary>
internal interface ILink : IAsyncDisposable
{
    /// <summary>Ends when the connection is no more.</summary>
    Task Closed { get; }

    /// <summary>Null while it is open, and after <see cref="DisconnectAsync"/>.</summary>
    MqttException? WhyClosed { get; }

    Task SubscribeAsync(string filter, CancellationToken stop);

    /// <summary>With QoS 1; ends with the PUBACK.</summary>
    /// <returns>False where the server will not have this message, now or later.</returns>
    Task<bool> PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken stop);

    /// <summary>Says goodbye.</summary>
    Task DisconnectAsync();
}
