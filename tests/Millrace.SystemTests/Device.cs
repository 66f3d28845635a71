using System.Text;
using Millrace.Mqtt;
using Millrace.Mqtt.Client;

namespace Millrace.SystemTests;

/// <summary>A device that publishes numbered rows, each until it is acknowledged, over whatever happens to the server.</summary>
public sealed class Device(string vin, int port)
{
    private const long StartSeconds = 1_700_000_000;

    /// <summary>Rows that were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    public async Task PublishAsync(int rows, int inFlight, CancellationToken stop)
    {
        while (Acknowledged < rows)
        {
            try
            {
                await using var client = await MqttClient.ConnectAsync("127.0.0.1", port, new MqttClientOptions { ClientId = vin }, stop);
                while (Acknowledged < rows)
                {
                    var round = Math.Min(inFlight, rows - Acknowledged);
                    await Task.WhenAll(Enumerable.Range(Acknowledged, round)
                        .Select(row => client.PublishAsync($"dt/cars/{vin}/telemetry", Payload(row), qos: 1, stop: stop)));
                    Acknowledged += round;
                }

                await client.DisconnectAsync(stop);
            }
            catch (MqttException)
            {
                // The server is away: the rows that were not acknowledged are sent again, as a device would.
                await Task.Delay(100, stop);
            }
        }
    }

    private byte[] Payload(int row)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(StartSeconds).AddMilliseconds(row);
        return Encoding.UTF8.GetBytes(
            $$"""{"name":"speed","value":{{row}}.5,"vin":"{{vin}}","trip_id":"t","timestamp":"{{time:yyyy-MM-dd HH:mm:ss.fff}}000000"}""");
    }
}
