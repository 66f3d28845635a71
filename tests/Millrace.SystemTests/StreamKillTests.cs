using System.Globalization;
using System.Text;
using System.Text.Json;
using Millrace.Mqtt;
using Millrace.Mqtt.Client;

namespace Millrace.SystemTests;

/// <summary>Kill -9 at fifty random moments, with a rule that puts what is published into a stream, and another that puts it into a table.</summary>
public sealed class StreamKillTests
{
    private const int Kills = 50;
    private const int Publishers = 4;

    private const string Pipeline = """
        streams:
          rows: { partitions: 3, retention: 1d }
        tables:
          fleet.rows: { dimensions: [vin] }
        flows:
          stream:
            sql: SELECT * FROM 'dt/rows/#'
            to: { stream: { name: rows, key: "${vin}" } }
          table:
            sql: SELECT * FROM 'dt/rows/#'
            to:
              series:
                table: fleet.rows
                dimensions: [vin]
                measure: { name: name, value: value }
                time: { field: timestamp }

        """;

    [Fact]
    public async Task Through_fifty_kills_every_acknowledged_message_is_once_in_the_stream_and_once_in_the_table()
    {
        var random = new Random(50);
        await using var server = await MillraceProcess.StartAsync(Pipeline, null, "--log-partitions", "2");
        using var stop = new CancellationTokenSource();
        var publishers = Enumerable.Range(0, Publishers).Select(i => new Publisher($"CAR{i}", server.MqttPort)).ToArray();
        var publishing = Task.WhenAll(publishers.Select(publisher => publisher.RunAsync(stop.Token)));
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = publishers.Sum(static publisher => publisher.Acknowledged.Count);
            await Eventually.AsyncTrue(
                () => Task.FromResult(publishers.Sum(static publisher => publisher.Acknowledged.Count) > before + random.Next(10)),
                TimeSpan.FromSeconds(30), () => $"nobody is acknowledged after kill {kill}\n{server.Output}");
            await Task.Delay(random.Next(300));
            await server.KillAsync();
            await server.StartAgainAsync();
        }

        await stop.CancelAsync();
        await publishing;
        foreach (var flow in new[] { "stream", "table" })
            await Eventually.Equal(0, async () => (await server.FlowAsync(flow)).GetProperty("lag").GetInt64(), seconds: 60);

        var stream = await StreamAsync(server);
        Assert.Equal(stream.Count, stream.Distinct().Count());
        foreach (var publisher in publishers)
        {
            var there = stream.Where(one => one.Vin == publisher.Vin).Select(static one => one.Number).ToArray();
            Assert.Empty(publisher.Acknowledged.Except(there));
            Assert.True(there.SequenceEqual(there.Order()), $"{publisher.Vin} is out of order");
        }

        Assert.Equal(stream.Count, await server.CountAsync("SELECT count(*) FROM fleet.rows"));
        Assert.Equal(stream.Count, await server.CountAsync("SELECT count(*) FROM (SELECT DISTINCT vin, time FROM fleet.rows)"));
        Assert.Equal(0, (await server.CliAsync("ledger")).Code);
    }

    private static async Task<List<(string Vin, long Number)>> StreamAsync(MillraceProcess server)
    {
        var found = new List<(string, long)>();
        for (var partition = 0; partition < 3; partition++)
        {
            var from = "oldest";
            while (true)
            {
                var page = await server.GetAsync($"api/v1/streams/rows/partitions/{partition}/records?from={from}&limit=5000");
                JsonElement[] records = [.. page.GetProperty("records").EnumerateArray()];
                if (records.Length == 0) break;
                foreach (var record in records)
                {
                    var row = JsonSerializer.Deserialize<JsonElement>(record.GetProperty("data").GetString()!);
                    found.Add((row.GetProperty("vin").GetString()!, row.GetProperty("value").GetInt64()));
                }

                from = page.GetProperty("next").GetString()!;
            }
        }

        return found;
    }

    /// <summary>Publishes numbers, each of them once, whatever becomes of it.</summary>
    private sealed class Publisher(string vin, int port)
    {
        private const int Window = 8;
        private long _next;

        public string Vin => vin;

        public List<long> Acknowledged { get; } = [];

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
                            await client.PublishAsync($"dt/rows/{vin}", Payload(number), qos: 1, stop: CancellationToken.None);
                            return number;
                        }).ToArray();
                        try
                        {
                            await Task.WhenAll(round);
                        }
                        finally
                        {
                            Acknowledged.AddRange(round.Where(static one => one.IsCompletedSuccessfully).Select(static one => one.GetAwaiter().GetResult()));
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

        private byte[] Payload(long number)
        {
            var time = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000).AddMilliseconds(number).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
            return Encoding.UTF8.GetBytes($$"""{"name":"row","vin":"{{vin}}","value":{{number}},"timestamp":"{{time}}000000"}""");
        }
    }
}
