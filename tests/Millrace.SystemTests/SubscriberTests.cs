using System.Diagnostics;

namespace Millrace.SystemTests;

/// <summary>Clients of others: what they hear of what is published over MQTT and over HTTP.</summary>
public sealed class SubscriberTests(BadInputTests.Bare bare) : IClassFixture<BadInputTests.Bare>
{
    private MillraceProcess Server => bare.Server;

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task A_subscriber_sees_what_is_published_over_mqtt_and_over_http(string version)
    {
        using var listener = Process.Start(new ProcessStartInfo(
            "mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{Server.MqttPort}", "-V", version, "-q", "1", "-t", $"dt/{version}/#", "-v", "-W", "30"])
        { RedirectStandardOutput = true })!;
        try
        {
            var seen = new HashSet<string>();
            var line = listener.StandardOutput.ReadLineAsync();
            while (seen.Count < 2)
            {
                await Server.PublishAsync($"dt/{version}/mqtt", "1");
                using var answer = await Server.Http.PostAsync($"topics/dt/{version}/http?qos=1", new StringContent("2"));
                Assert.True(answer.IsSuccessStatusCode);
                await Task.WhenAny(line, Task.Delay(200));
                for (; line.IsCompleted; line = listener.StandardOutput.ReadLineAsync())
                {
                    var text = await line ?? throw new InvalidOperationException($"the listener ended after {string.Join(", ", seen)}");
                    seen.Add(text);
                }
            }

            Assert.Equal([$"dt/{version}/http 2", $"dt/{version}/mqtt 1"], seen.Order());
        }
        finally
        {
            listener.Kill();
        }
    }
}
