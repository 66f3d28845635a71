namespace Millrace.SystemTests.Connectors;

/// <summary>Flows to Kafka: librdkafka's own cluster of one broker, read by kcat.</summary>
public sealed class KafkaSinkTests
{
    [Fact]
    public async Task Every_message_arrives_in_order_with_key_and_header_over_a_stall_and_kill_9()
    {
        await using var broker = await KafkaBroker.StartAsync("numbers");
        await using var server = await MillraceProcess.StartAsync(PipelineTo(broker.Address));
        var numbers = new Numbers(server.MqttPort);
        await numbers.PublishAsync(100);
        await Eventually.Equal(100, () => Task.FromResult(broker.Messages.Count));
        await broker.StallAsync();
        await numbers.PublishAsync(100);
        await broker.GoOnAsync();
        await Eventually.Equal(200, () => Task.FromResult(broker.Messages.Distinct().Count()));
        await numbers.PublishAsync(100);
        await server.KillAsync();
        await server.StartAgainAsync();
        await numbers.PublishAsync(100);
        await Eventually.Equal(400, () => Task.FromResult(broker.Messages.Distinct().Count()));
        Assert.Equal(numbers.All.Select(static n => $"counter topic=count/up {n}"), broker.Messages.Distinct());
    }

    [Fact]
    public async Task A_kafka_that_is_away_is_waited_for_and_the_flow_says_why()
    {
        await using var server = await MillraceProcess.StartAsync(PipelineTo($"127.0.0.1:{MillraceProcess.FreePort()}"));
        await new Numbers(server.MqttPort).PublishAsync(1);
        await Eventually.AsyncTrue(
            async () => (await server.FlowAsync("to-kafka")).ToString().Contains("did not take the messages", StringComparison.Ordinal), TimeSpan.FromSeconds(20), () => server.Output);
    }

    private static string PipelineTo(string servers) => $$"""
        flows:
          to-kafka:
            sql: SELECT * FROM 'count/up'
            retry: { first: 20ms, longest: 200ms }
            to:
              kafka:
                topic: numbers
                key: ${clientid()}
                headers: [{ key: topic, value: '${topic()}' }]
                clientProperties:
                  bootstrap.servers: {{servers}}
                  security.protocol: PLAINTEXT
                  delivery.timeout.ms: '1500'
        """;
}
