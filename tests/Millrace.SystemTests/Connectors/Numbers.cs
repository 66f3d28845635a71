using System.Globalization;
using System.Text;
using Millrace.Mqtt;
using Millrace.Mqtt.Client;

namespace Millrace.SystemTests.Connectors;

/// <summary>A device that counts: <c>{"n":0}</c>, <c>{"n":1}</c> and so on, each until it is acknowledged.</summary>
public sealed class Numbers(int port)
{
    private const int InFlight = 32;

    /// <summary>The first that was not published yet.</summary>
    public int Next { get; private set; }

    public async Task PublishAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var client = await MqttClient.ConnectAsync("127.0.0.1", port, new MqttClientOptions { ClientId = "counter" }, patience.Token);
        for (var end = Next + count; Next < end;)
        {
            // No more at once than the client has in flight: those that wait for others are not in order.
            var round = Math.Min(InFlight, end - Next);
            await Task.WhenAll(Enumerable.Range(Next, round).Select(n =>
                client.PublishAsync("count/up", Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"n":{{n}}}""")), qos: 1, stop: patience.Token)));
            Next += round;
        }

        await client.DisconnectAsync(patience.Token);
    }

    /// <summary>All that was published, in order.</summary>
    public IEnumerable<string> All => Enumerable.Range(0, Next).Select(static n => $$"""{"n":{{n}}}""");
}
