using System.Text;
using Millrace.Mqtt.Client;

namespace Millrace.SystemTests.Interop;

/// <summary>A well-behaved client beside the others: it publishes with QoS 1 all the time and hears all of it, in its order.</summary>
public sealed class Neighbour : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly MqttClient _client;
    private readonly Task _publishing;
    private readonly Task _hearing;
    private int _heard;

    private Neighbour(MqttClient client)
    {
        _client = client;
        _publishing = PublishAsync();
        _hearing = HearAsync();
    }

    public static async Task<Neighbour> StartAsync(int port)
    {
        var client = await MqttClient.ConnectAsync("127.0.0.1", port, new MqttClientOptions { ClientId = "neighbour" });
        await client.SubscribeAsync("neighbour/#");
        return new Neighbour(client);
    }

    /// <summary>Messages that it publishes from now on arrive, and none was missed before.</summary>
    public async Task AssertUndisturbedAsync()
    {
        var before = Volatile.Read(ref _heard);
        await Eventually.AsyncTrue(
            async () =>
            {
                if (_publishing.IsCompleted) await _publishing;
                if (_hearing.IsCompleted) await _hearing;
                return Volatile.Read(ref _heard) >= before + 3;
            },
            TimeSpan.FromSeconds(10), () => $"the neighbour hears nothing after {before} messages");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _client.DisposeAsync();
        await Task.WhenAll(_publishing, _hearing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task PublishAsync()
    {
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            await _client.PublishAsync("neighbour/x", Encoding.UTF8.GetBytes($"{i}"), stop: _stop.Token);
            await Task.Delay(5, _stop.Token);
        }
    }

    private async Task HearAsync()
    {
        await foreach (var message in _client.Messages.ReadAllAsync(_stop.Token))
        {
            Assert.Equal($"{_heard}", Encoding.UTF8.GetString(message.Payload.Span));
            Interlocked.Increment(ref _heard);
        }
    }
}
