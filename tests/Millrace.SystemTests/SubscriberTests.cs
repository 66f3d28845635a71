using System.Diagnostics;

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

    [Theory]
    [InlineData("-r", "retained")]
    [InlineData("-q 2", "QoS")]
    public async Task What_is_not_given_is_refused_and_the_client_is_told(string option, string what)
    {
        var ran = await Commands.RunAsync(
            "mosquitto_pub",
            ["-h", "127.0.0.1", "-p", $"{Server.MqttPort}", "-V", "mqttv5", "-q", "1", "-t", "dt/refused", "-m", "1", .. option.Split(' ')]);
        Assert.True(ran.Code != 0, $"{option}: {ran.Output}");
        Assert.Contains(what, ran.Error + ran.Output, StringComparison.OrdinalIgnoreCase);
    }
}
