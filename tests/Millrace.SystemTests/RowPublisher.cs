using System.Globalization;
using System.Text;
using Millrace.Mqtt;
using Millrace.Mqtt.Client;

namespace Millrace.SystemTests;

/// <summary>Publishes numbers, each of them once, whatever becomes of it.</summary>
public sealed class RowPublisher(string vin, int port)
{
    private const int Window = 8;
    private readonly List<long> _acknowledged = [];
    private long _next;

    public string Vin => vin;

    /// <summary>As far as it has come.</summary>
    public IReadOnlyList<long> Acknowledged
    {
        get
        {
            lock (_acknowledged) return [.. _acknowledged];
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var client = await MqttClient.ConnectAsync("127.0.0.1", port, new MqttClientOptions { ClientId = vin }, CancellationToken.None);
                while (!stop.IsCancellationRequested)
                {
                    var round = Enumerable.Range(0, Window).Select(_ => _next++).Select(async number =>
                    {
                        await client.PublishAsync($"dt/rows/{vin}", Encoding.UTF8.GetBytes(Text(vin, number)), qos: 1, stop: CancellationToken.None);
                        return number;
                    }).ToArray();
                    try
                    {
                        await Task.WhenAll(round);
                    }
                    finally
                    {
                        lock (_acknowledged) _acknowledged.AddRange(round.Where(static one => one.IsCompletedSuccessfully).Select(static one => one.GetAwaiter().GetResult()));
                    }

                    await Task.Delay(10, CancellationToken.None);
                }
            }
            catch (MqttException)
            {
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    /// <summary>A message as it publishes them.</summary>
    public static string Text(string vin, long number)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000).AddMilliseconds(number).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        return $$"""{"name":"row","vin":"{{vin}}","value":{{number}},"timestamp":"{{time}}000000"}""";
    }
}
