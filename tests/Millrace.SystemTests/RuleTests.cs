using System.Net;
using System.Text;
using System.Text.Json;

namespace Millrace.SystemTests;

/// <summary>Rules of AWS IoT that come, change and go while messages flow.</summary>
public sealed class RuleTests
{
    private const string Copy = """
        { "sql": "SELECT *, topic(3) AS car FROM 'dt/cars/+/telemetry' WHERE value >= 0", "awsIotSqlVersion": "2016-03-23",
          "actions": [ { "lake": { "stream": "copy", "bufferTime": "1s" } } ] }
        """;

    [Fact]
    public async Task A_rule_that_is_replaced_disabled_and_enabled_loses_and_repeats_nothing()
    {
        await using var server = await MillraceProcess.StartAsync();
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await RuleAsync(server, "copy", Copy);
        var fleet = Enumerable.Range(0, 10).Select(i => new Device($"CAR{i:D14}", server.MqttPort)).ToArray();
        var publishing = Task.WhenAll(fleet.Select(device => device.PublishAsync(1000, inFlight: 4, stop.Token)));
        async Task MarkAsync(int rows) => await Eventually.AsyncTrue(
            () => Task.FromResult(fleet.Sum(static device => device.Acknowledged) >= rows), TimeSpan.FromSeconds(30), () => server.Output);

        await MarkAsync(1000);
        await RuleAsync(server, "copy", Copy.Replace("value >= 0", "value >= -1", StringComparison.Ordinal));
        await MarkAsync(2000);
        await CliAsync(server, "rule", "disable", "copy");
        await MarkAsync(4000);
        await CliAsync(server, "rule", "enable", "copy");
        await MarkAsync(5000);

        // A second action begins where the first one stands.
        await RuleAsync(server, "copy", Copy.Replace("} } ]", "} }, { \"kinesis\": { \"streamName\": \"nowhere\" } } ]", StringComparison.Ordinal), expected: 2);
        await RuleAsync(server, "copy", Copy.Replace("} } ]", "} }, { \"firehose\": { \"deliveryStreamName\": \"second\" } } ]", StringComparison.Ordinal));
        await MarkAsync(7000);
        await server.KillAsync();
        await server.StartAgainAsync();
        await publishing;
        await Eventually.Equal(10_000, () => Task.FromResult(Distinct(server, "copy")), seconds: 90);

        // What a device sent again after the crash is another message of the log: each is there once, and the books say so.
        var logged = (await server.GetAsync("api/v1/ledger")).GetProperty("log").GetProperty("records").GetInt64();
        await Eventually.Equal(logged, () => Task.FromResult((long)Lake.Lines(server.Data, "copy").Count));
        Assert.True((await server.GetAsync("api/v1/ledger")).GetProperty("balanced").GetBoolean());
        await CliAsync(server, "rule", "delete", "copy");
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync("api/v1/rules/copy")).StatusCode);
    }

    [Fact]
    public async Task A_destination_that_cannot_tell_a_repetition_gets_none_when_its_rule_changes()
    {
        await using var server = await MillraceProcess.StartAsync("""
            streams:
              copies: { partitions: 1 }
            flows:
              read:
                from: { stream: copies }
                sql: SELECT * FROM '#'
                to: { lake: { stream: read, bufferTime: 1s } }

            """);
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        const string Document = """
            { "sql": "SELECT * FROM 'dt/cars/+/telemetry' WHERE value >= 0", "awsIotSqlVersion": "2016-03-23", "actions": [ { "kinesis": { "streamName": "copies" } } ] }
            """;
        await RuleAsync(server, "copy", Document);
        var car = new Device("CAR00000000000000", server.MqttPort);
        var publishing = car.PublishAsync(20_000, inFlight: 8, stop.Token);
        for (var i = 1; !publishing.IsCompleted; i++)
        {
            await RuleAsync(server, "copy", Document.Replace(">= 0", $">= -{i}", StringComparison.Ordinal));
            for (var times = 0; times < 20; times++)
            {
                using var disabled = await server.Http.PostAsync("api/v1/rules/copy/disable", null);
                using var enabled = await server.Http.PostAsync("api/v1/rules/copy/enable", null);
                Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NoContent], [disabled.StatusCode, enabled.StatusCode]);
            }
        }

        await publishing;
        await Eventually.Equal(20_000, () => Task.FromResult(Distinct(server, "read")), seconds: 30);
        Assert.Equal(20_000, Lake.Lines(server.Data, "read").Count);
    }

    [Fact]
    public async Task A_rule_begins_now_and_goes_on_after_a_restart()
    {
        await using var server = await MillraceProcess.StartAsync();
        await server.PublishAsync("in/a", """{"n":0}""");
        await RuleAsync(server, "tell", """{"sql":"SELECT n FROM 'in/#'","actions":[{"republish":{"topic":"out/${n}","qos":1}}]}""");
        var heard = Commands.RunAsync("mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{server.MqttPort}", "-t", "out/#", "-C", "1", "-W", "30", "-F", "%t %p"]);
        await Eventually.AsyncTrue(async () => (await server.Http.GetStringAsync("metrics")).Contains("millrace_gateway_subscriptions 1", StringComparison.Ordinal), TimeSpan.FromSeconds(20), () => server.Output);
        await server.PublishAsync("in/a", """{"n":1}""");
        Assert.Equal("""out/1 {"n":1}""", (await heard).Output.Trim());

        Assert.Equal(0, await server.StopAsync());
        await server.StartAgainAsync();
        var again = Commands.RunAsync(
            "mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{server.MqttPort}", "-q", "1", "-c", "-i", "listener", "-t", "out/#", "-C", "1", "-W", "30", "-F", "%t %p"]);
        await Eventually.AsyncTrue(async () => (await server.Http.GetStringAsync("metrics")).Contains("millrace_gateway_subscriptions 1", StringComparison.Ordinal), TimeSpan.FromSeconds(20), () => server.Output);
        await server.PublishAsync("in/a", """{"n":2}""");
        Assert.Equal("""out/2 {"n":2}""", (await again).Output.Trim());

        // What was heard is counted a moment later.
        await Eventually.Equal(2L, async () => (await server.FlowAsync("tell")).GetProperty("messages").GetProperty("stored").GetInt64());
    }

    [Fact]
    public async Task Subscribers_of_MQTT_5_see_the_headers()
    {
        await using var server = await MillraceProcess.StartAsync("""
            rules:
              tell:
                sql: SELECT * FROM 'in'
                actions:
                  - republish:
                      topic: out
                      qos: 1
                      headers:
                        payloadFormatIndicator: UTF8_DATA
                        contentType: application/json
                        responseTopic: answers/${clientid()}
                        correlationData: aWQ=
                        messageExpiry: '300'
                        userProperties: [ { key: vin, value: '${vin}' } ]
            """);
        var heard = Commands.RunAsync(
            "mosquitto_sub", ["-V", "5", "-h", "127.0.0.1", "-p", $"{server.MqttPort}", "-q", "1", "-t", "out", "-C", "1", "-W", "30", "-F", "%p|%C|%R|%D|%F|%P|%E"]);
        await Eventually.AsyncTrue(async () => (await server.Http.GetStringAsync("metrics")).Contains("millrace_gateway_subscriptions 1", StringComparison.Ordinal), TimeSpan.FromSeconds(20), () => server.Output);
        await server.PublishAsync("in", """{"vin":"7"}""", "-i", "car");
        var fields = (await heard).Output.Trim().Split('|');
        Assert.Equal(["""{"vin":"7"}""", "application/json", "answers/car", "id", "1", "vin:7"], fields[..6]);
        Assert.InRange(int.Parse(fields[6], System.Globalization.CultureInfo.InvariantCulture), 250, 300);
    }

    [Fact]
    public async Task Our_own_stores_hold_what_the_actions_of_AWS_wrote()
    {
        var secrets = Scratch.Directory();
        await File.WriteAllTextAsync(Path.Combine(secrets, "site"), "plant-3");
        await using var server = await MillraceProcess.StartAsync(
            """
            collections: { cars: { key: vin }, trips: { key: vin, sortKey: start } }
            streams: { telemetry: { partitions: 2 } }
            flows: { mine: { sql: SELECT * FROM 'nothing', to: { live: {} } } }
            """,
            null, "--secrets", secrets);
        await RuleAsync(server, "all", """
            {"sql":"SELECT *, get_secret('site', 'SecretString', 'arn') AS site FROM 'dt/cars/+'","awsIotSqlVersion":"2016-03-23","actions":[
              {"kinesis":{"streamName":"telemetry","partitionKey":"${vin}"}},
              {"timestream":{"databaseName":"fleet","tableName":"telemetry","dimensions":[{"name":"vin","value":"${vin}"}],"timestamp":{"value":"${t}","unit":"MILLISECONDS"}}},
              {"s3":{"bucketName":"cars","key":"${vin}/${t}.json"}},
              {"dynamoDBv2":{"putItem":{"tableName":"cars"}}},
              {"dynamoDBv2":{"putItem":{"tableName":"trips"}}},
              {"cloudwatchMetric":{"metricNamespace":"cars","metricName":"speed","metricValue":"${speed}","metricUnit":"None"}},
              {"cloudwatchLogs":{"logGroupName":"speeds"}}]}
            """);
        await RuleAsync(server, "ask", """
            {"sql":"SELECT vin, get_dynamodb('cars', 'vin', vin, 'arn').speed AS known FROM 'ask'","awsIotSqlVersion":"2016-03-23","actions":[{"cloudwatchLogs":{"logGroupName":"asked"}}]}
            """);
        await RuleAsync(server, "fails", """
            {"sql":"SELECT vin FROM 'ask'","actions":[{"dynamoDBv2":{"putItem":{"tableName":"trips"}}}],"errorAction":{"cloudwatchLogs":{"logGroupName":"failed/${topic()}"}}}
            """);
        await server.PublishAsync("dt/cars/7", """{"vin":"a/7","speed":40.5,"start":1,"t":1600000000000}""");
        await server.PublishAsync("dt/cars/7", """{"vin":"a/7","speed":50.5,"start":2,"t":1600000001000}""");

        await Eventually.Equal(2, async () => (int)await server.CountAsync("SELECT count(*) FROM fleet.telemetry WHERE measure_name = 'speed' AND measure_value::double > 40"));
        Assert.Equal(2, (int)await server.CountAsync("SELECT count(*) FROM fleet.telemetry WHERE measure_name = 'site' AND measure_value::varchar = 'plant-3'"));
        const string Last = """{"vin":"a/7","speed":50.5,"start":2,"t":1600000001000,"site":"plant-3"}""";
        await Eventually.Equal(Last, async () => (await GetAsync(server, "api/v1/documents/cars/a%2F7")).Body);
        Assert.Equal(Last, (await GetAsync(server, "api/v1/documents/trips/a%2F7/2")).Body);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(server, "api/v1/documents/trips/a%2F7")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(server, "api/v1/documents/sessions/x")).Status);
        Assert.Contains("\"site\": \"plant-3\"", await CliAsync(server, "documents", "get", "trips", "a/7", "1"), StringComparison.Ordinal);
        Assert.Contains("There are more", (await server.CliAsync("documents", "list", "trips", "--limit", "1")).Error, StringComparison.Ordinal);
        Assert.Equal(Last, await File.ReadAllTextAsync(Path.Combine(server.Data, "objects", "cars", "a", "7", "1600000001000.json")));
        Assert.Contains("speeds: {\"vin\":\"a/7\"", server.Output, StringComparison.Ordinal);
        var metrics = await server.Http.GetStringAsync("metrics");
        Assert.Contains("""millrace_rule_metric_sum{namespace="cars",name="speed",unit="None"} 91""", metrics, StringComparison.Ordinal);
        Assert.Contains("""millrace_rule_metric_last{namespace="cars",name="speed",unit="None"} 50.5""", metrics, StringComparison.Ordinal);
        await server.PublishAsync("ask", """{"vin":"a/7"}""");
        await Eventually.AsyncTrue(() => Task.FromResult(server.Output.Contains("asked: {\"vin\":\"a/7\",\"known\":50.5}", StringComparison.Ordinal)), TimeSpan.FromSeconds(20), () => server.Output);
        await Eventually.AsyncTrue(
            () => Task.FromResult(server.Output.Contains("failed/ask: {\"ruleName\":\"fails\",\"topic\":\"ask\"", StringComparison.Ordinal)), TimeSpan.FromSeconds(20), () => server.Output);
        Assert.Contains("\"failedAction\":\"DynamoDBv2Action\",\"failedResource\":\"trips\",\"errorMessage\":\"field 'start' is the key", server.Output, StringComparison.Ordinal);

        // What is in the pipeline file is changed there, and a file cannot take a rule's name.
        Assert.Contains("is a flow of the pipeline file", (await server.CliAsync("rule", "disable", "mine")).Error, StringComparison.Ordinal);
        var file = Path.Combine(server.Data, "clash.yaml");
        await File.WriteAllTextAsync(file, "flows: { all: { sql: SELECT * FROM 'a', to: { live: {} } } }");
        Assert.Contains("put at run time", (await server.CliAsync("apply", "-f", file)).Error, StringComparison.Ordinal);
        var listed = await CliAsync(server, "rule", "list", "--format", "csv");
        Assert.Contains("all,true,api,", listed, StringComparison.Ordinal);
        Assert.Contains("mine,true,pipeline,", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("plant-3", await CliAsync(server, "rule", "get", "all"), StringComparison.Ordinal);
        Scratch.Delete(secrets);
    }

    private static int Distinct(MillraceProcess server, string stream) =>
        Lake.Lines(server.Data, stream).Select(static line =>
        {
            var row = JsonDocument.Parse(line).RootElement;
            return (row.GetProperty("vin").GetString(), row.GetProperty("timestamp").GetString());
        }).Distinct().Count();

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(MillraceProcess server, string path)
    {
        using var answer = await server.Http.GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task RuleAsync(MillraceProcess server, string name, string document, int expected = 0)
    {
        var file = Path.Combine(server.Data, $"{name}.json");
        await File.WriteAllTextAsync(file, document, Encoding.UTF8);
        var ran = await server.CliAsync("rule", "put", name, "-f", file);
        Assert.True(ran.Code == expected, ran.Error + ran.Output);
    }

    private static async Task<string> CliAsync(MillraceProcess server, params string[] arguments)
    {
        var ran = await server.CliAsync(arguments);
        Assert.True(ran.Code == 0, ran.Error + ran.Output);
        return ran.Output;
    }
}
