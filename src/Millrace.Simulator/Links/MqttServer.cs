using Millrace.Mqtt.Client;

namespace Millrace.Simulator.Links;

/// <summary>A real server, over TCP.</summary>
internal sealed class MqttServer(string host, int port, TimeProvider clock) : IServer
{
    public async Task<ILink> ConnectAsync(string clientId, Action<ReadOnlyMemory<byte>> received, CancellationToken stop)
    {
        var options = new MqttClientOptions { ClientId = clientId, Time = clock };
        return new Link(await MqttClient.ConnectAsync(host, port, options, stop).ConfigureAwait(false), received);
    }

    private sealed class Link : ILink
    {
        private readonly MqttClient _client;
        private readonly Task _receiving;

        public Link(MqttClient client, Action<ReadOnlyMemory<byte>> received)
        {
            _client = client;
            _receiving = ReceiveAsync(received);
        }

        public Task Closed => _client.Closed;

        public MqttException? WhyClosed => _client.WhyClosed;

        public Task SubscribeAsync(string filter, CancellationToken stop) => _client.SubscribeAsync(filter, 1, stop);

        public async Task<bool> PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken stop)
        {
            try
            {
                await _client.PublishAsync(topic, payload, qos: 1, retain: false, stop).ConfigureAwait(false);
                return true;
            }
            catch (MqttException) when (_client.WhyClosed is null)
            {
                // The connection stands, so it was this message that the server would not have.
                return false;
            }
        }

        public Task DisconnectAsync() => _client.DisconnectAsync();

        public async ValueTask DisposeAsync()
        {
            await _client.DisposeAsync().ConfigureAwait(false);
            await _receiving.ConfigureAwait(false);
        }

        private async Task ReceiveAsync(Action<ReadOnlyMemory<byte>> received)
        {
            await foreach (var message in _client.Messages.ReadAllAsync().ConfigureAwait(false)) received(message.Payload);
        }
    }
}
