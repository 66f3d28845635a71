using System.Text.Json;
using System.Text.RegularExpressions;

namespace Millrace.SystemTests.Connectors;

/// <summary>Flows to a web server that has its bad days.</summary>
public sealed partial class HttpSinkTests
{
    [Fact]
    public async Task Nothing_is_lost_or_repeated_or_overtaken_while_the_server_answers_500_and_429_stalls_and_is_away()
    {
        await using var receiver = await HttpReceiver.StartAsync();
        await using var server = await MillraceProcess.StartAsync(PipelineTo(receiver, "timeout: 300ms"));
        var numbers = new Numbers(server.MqttPort);
        await numbers.PublishAsync(40);
        foreach (var trouble in new[] { 500, 429, 408, 0 })
        {
            receiver.Status = trouble;
            var turned = receiver.Turned;
            await numbers.PublishAsync(40);
            await Eventually.AsyncTrue(() => Task.FromResult(receiver.Turned > turned), TimeSpan.FromSeconds(20), () => $"nothing came at {trouble}");
            receiver.Status = 200;
            await Eventually.Equal(numbers.Next, () => Task.FromResult(receiver.Bodies.Count));
        }

        await receiver.GoAwayAsync();
        await numbers.PublishAsync(40);
        await Eventually.AsyncTrue(async () => (await server.FlowAsync("to-web")).ToString().Contains("cannot be reached", StringComparison.Ordinal), TimeSpan.FromSeconds(20), () => server.Output);
        await receiver.ComeBackAsync();
        await Eventually.Equal(numbers.Next, () => Task.FromResult(receiver.Bodies.Count));
        Assert.Equal(numbers.All, receiver.Bodies);
    }

    [Fact]
    public async Task Kill_9_loses_nothing_and_leaves_the_order_of_the_first_arrivals()
    {
        await using var receiver = await HttpReceiver.StartAsync();
        await using var server = await MillraceProcess.StartAsync(PipelineTo(receiver, "timeout: 300ms"));
        var numbers = new Numbers(server.MqttPort);
        await numbers.PublishAsync(300);
        await server.KillAsync();
        await server.StartAgainAsync();
        await numbers.PublishAsync(100);
        receiver.Status = 500;
        await numbers.PublishAsync(100);
        await server.KillAsync();
        receiver.Status = 200;
        await server.StartAgainAsync();
        await Eventually.Equal(numbers.Next, () => Task.FromResult(receiver.Bodies.Distinct().Count()));
        Assert.Equal(numbers.All, receiver.Bodies.Distinct());
    }

    [Fact]
    public async Task What_is_refused_becomes_a_dead_letter_in_the_servers_words_and_the_rest_goes_on()
    {
        await using var receiver = await HttpReceiver.StartAsync();
        await using var server = await MillraceProcess.StartAsync(PipelineTo(receiver, "batch: { maxRecords: 10, maxAge: 0s }", "/n"));
        var numbers = new Numbers(server.MqttPort);
        receiver.Status = 422;
        await numbers.PublishAsync(3);
        await Eventually.Equal(3, async () => (await server.GetAsync("api/v1/dead-letters")).GetProperty("deadLetters").GetArrayLength());
        Assert.Contains("422", (await server.GetAsync("api/v1/dead-letters")).ToString(), StringComparison.Ordinal);
        receiver.Status = 200;
        await numbers.PublishAsync(25);
        await Eventually.Equal(25, () => Task.FromResult(Records(receiver).Count));
        Assert.Equal(numbers.All.Skip(3), Records(receiver));
    }

    [Fact]
    public async Task Nothing_is_sent_until_whoever_is_there_has_confirmed_it()
    {
        await using var receiver = await HttpReceiver.StartAsync();
        await using var server = await MillraceProcess.StartAsync(PipelineTo(receiver, $"confirmationUrl: http://127.0.0.1:{receiver.Port}/"));
        var numbers = new Numbers(server.MqttPort);
        await numbers.PublishAsync(5);
        await Eventually.Equal(1, () => Task.FromResult(receiver.Bodies.Count));
        var asked = JsonSerializer.Deserialize<JsonElement>(receiver.Bodies[0]);
        Assert.Equal("DestinationConfirmation", asked.GetProperty("messageType").GetString());
        Assert.Contains("IN_PROGRESS", await server.Http.GetStringAsync("api/v1/destinations"), StringComparison.Ordinal);
        Assert.DoesNotContain(asked.GetProperty("confirmationToken").GetString()!, await server.Http.GetStringAsync("api/v1/destinations"), StringComparison.Ordinal);

        using var wrong = await server.Http.GetAsync("api/v1/destinations/confirm/0000");
        Assert.Equal(404, (int)wrong.StatusCode);
        using var right = await server.Http.GetAsync(asked.GetProperty("enableUrl").GetString());
        Assert.Equal(200, (int)right.StatusCode);
        await Eventually.Equal(6, () => Task.FromResult(receiver.Bodies.Count));
        Assert.Equal(numbers.All, receiver.Bodies.Skip(1));
    }

    private static string PipelineTo(HttpReceiver receiver, string more, string path = "/n/${n}") => $$"""
        flows:
          to-web:
            sql: SELECT * FROM 'count/up'
            retry: { first: 20ms, longest: 200ms }
            to:
              http:
                url: 'http://127.0.0.1:{{receiver.Port}}{{path}}'
                {{more}}
        """;

    private static List<string> Records(HttpReceiver receiver) =>
        [.. receiver.Bodies.SelectMany(static body => Objects().Matches(body).Select(static match => match.Value))];

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Objects();
}
