using System.Diagnostics;
using Millrace.Mqtt;
using Millrace.Mqtt.Client;

namespace Millrace.SystemTests;

/// <summary>Clients of others: what they hear, and what they are told when they ask for what is not given.</summary>
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

    [Fact]
    public async Task A_publish_with_qos_2_is_not_given_and_the_client_is_told()
    {
        var ran = await Server.PublishAsync("dt/refused", "1", "-V", "mqttv5", "-q", "2");
        Assert.Contains("QoS not supported", ran.Error + ran.Output, StringComparison.Ordinal);
    }
}
