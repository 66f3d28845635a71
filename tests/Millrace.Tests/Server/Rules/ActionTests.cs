using System.IO.Compression;
using System.Text;
using Millrace.Flows.Options;
using Millrace.Sql.Rules;

namespace Millrace.Tests.Server.Rules;

/// <summary>Each action of AWS on a store of ours, as AWS's documents write it.</summary>
public sealed class ActionTests
{
    private readonly RuleRig _rig = new();

    [Fact]
    public async Task Kinesis_writes_to_a_stream_under_its_partition_key()
    {
        await _rig.RunAsync(
            Rule("""{"kinesis":{"roleArn":"arn:aws:iam::123456789012:role/aws_iot_kinesis","streamName":"alarms","partitionKey":"${topic(3)}"}}"""), """{"a":1}""");
        Assert.Equal(["""{"a":1}"""], _rig.Streams["alarms"].Payloads());
        using var read = new Contracts.Records.RecordBatch();
        Assert.True(_rig.Streams["alarms"].TryRead(0, read));
        Assert.Equal("VIN7", Encoding.UTF8.GetString(read[0].Key));
    }

    [Fact]
    public async Task A_stream_may_be_named_by_each_message_and_only_a_declared_one_is_written()
    {
        await _rig.RunAsync(
            Rule("""{"kinesis":{"streamName":"${to}","partitionKey":"k"}}"""),
            """{"to":"alarms","n":1}""", """{"to":"ingress","n":2}""", """{"to":"other","n":3}""", """{"to":"alarms","n":4}""", """{"n":5}""");
        Assert.Equal(["""{"to":"alarms","n":1}""", """{"to":"alarms","n":4}"""], _rig.Streams["alarms"].Payloads());
        Assert.Equal(["""{"to":"other","n":3}"""], _rig.Streams["other"].Payloads());
        Assert.Equal(2, _rig.Refused.Count);
        Assert.Contains(_rig.Refused, static refusal => refusal.StartsWith("1 Refused: the stream ingress is not declared", StringComparison.Ordinal));
        Assert.Contains(_rig.Refused, static refusal => refusal.StartsWith("4 Unreadable: the name of the stream", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_channel_of_iotAnalytics_is_a_stream_and_its_batch_an_array()
    {
        var rule = Rule("""{"iotAnalytics":{"channelName":"telemetry","batchMode":true,"roleArn":"x"}}""");
        var many = $"[{string.Join(',', Enumerable.Range(0, 101))}]";
        await _rig.RunAsync(rule, """[{"a":1}, {"a":2},"three", [4], null]""", """{"a":5}""", "[]", many, "[1,");
        Assert.Equal(["""{"a":1}""", """{"a":2}""", "\"three\"", "[4]", "null", """{"a":5}"""], _rig.Streams["telemetry"].Payloads());
        Assert.Equal(2, _rig.Refused.Count);
        Assert.Contains("3 Unreadable: the array has more than the 100 elements", _rig.Refused[0], StringComparison.Ordinal);
        Assert.Contains("4 Unreadable: the array is no JSON", _rig.Refused[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_batchMode_an_array_is_one_record()
    {
        await _rig.RunAsync(Rule("""{"iotAnalytics":{"channelName":"telemetry"}}"""), "[1,2]");
        Assert.Equal(["[1,2]"], _rig.Streams["telemetry"].Payloads());
    }

    [Theory]
    [InlineData("", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n")]
    [InlineData(""","separator":"\n" """, "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n")]
    [InlineData(""","separator":"\r\n" """, "{\"a\":1}\r\n{\"a\":2}\r\n{\"a\":3}\r\n")]
    [InlineData(""","separator":"," """, "{\"a\":1},{\"a\":2},{\"a\":3},")]
    public async Task Firehose_gathers_files_of_the_lake(string separator, string expected)
    {
        var rule = Rule($$$"""{"firehose":{"deliveryStreamName":"${topic(2)}","batchMode":true{{{separator}}}}}""");
        await _rig.RunFramesAsync(rule, ["""[{"a":1},{"a":2}]""", """{"a":3}"""], ["""{"a":4}"""]);
        Assert.Empty(_rig.Refused);

        // The second frame is of another hour: the first one's file is whole.
        using var unpacked = new GZipStream(new MemoryStream(_rig.Disk.Bytes(Assert.Single(_rig.Disk.Paths("lake/raw/cars")))), CompressionMode.Decompress);
        using var text = new StreamReader(unpacked);
        Assert.Equal(expected, await text.ReadToEndAsync());
    }

    [Fact]
    public async Task Names_that_messages_give_cannot_leave_the_lake()
    {
        await _rig.RunAsync(Rule("""{"firehose":{"deliveryStreamName":"${to}"}}"""), """{"to":"../../x"}""", """{"to":"${'a'}"}""", """{"to":""}""", """{"to":"fine"}""");
        Assert.Equal(3, _rig.Refused.Count);
        Assert.All(_rig.Refused, static refusal => Assert.Contains("the lake folder", refusal, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Republish_is_of_QoS_0_and_sees_the_topic()
    {
        await _rig.RunAsync(Rule("""{"republish":{"roleArn":"x","topic":"${topic()}/republish"}}""", "SELECT *, timestamp() AS timestamp FROM 'dt/#'"), """{"a":1}""");
        Assert.Equal(["""dt/cars/VIN7/telemetry/republish {"a":1,"timestamp":1600000000123} q0"""], _rig.Publisher.Published);
        Assert.Null(Assert.Single(_rig.Publisher.Properties));
    }

    [Fact]
    public async Task Republish_sends_headers()
    {
        await _rig.RunAsync(
            Rule("""
                {"republish":{"topic":"out","qos":1,"headers":{"payloadFormatIndicator":"UTF8_DATA","contentType":"${kind}","responseTopic":"answers/${clientid()}",
                 "correlationData":"aWQ=","messageExpiry":"${1 + 59}","userProperties":[{"key":"vin","value":"${topic(3)}"},{"key":"vin","value":"2"}]}}}
                """),
            """{"kind":"application/json"}""", """{"no":1}""");
        Assert.Equal(["""out {"kind":"application/json"} q1""", """out {"no":1} q1"""], _rig.Publisher.Published);
        var sent = _rig.Publisher.Properties[0]!;
        Assert.Equal((true, "application/json", "answers/car-7", 60u), (sent.IsUtf8, sent.ContentType, sent.ResponseTopic, sent.ExpirySeconds));
        Assert.Equal("id"u8.ToArray(), sent.CorrelationData);
        Assert.Equal([new("vin", "VIN7"), new("vin", "2")], sent.User);
        Assert.Equal("", _rig.Publisher.Properties[1]!.ContentType);
        await _rig.RunAsync(Rule("""{"republish":{"topic":"out","headers":{"messageExpiry":"${soon}","correlationData":"${soon}"}}}"""), """{"soon":"now"}""", "{}");
        Assert.Equal(2, _rig.Refused.Count);
        Assert.All(_rig.Refused, static refusal => Assert.Contains("the header ", refusal, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reserved_topics_are_written_with_two_dollars_and_no_device_can_make_one()
    {
        await _rig.RunAsync(
            Rule("""{"republish":{"topic":"$$aws/things/${topic(3)}/shadow/update"}},{"republish":{"topic":"${to}"}}"""), """{"to":"$aws/rules/other/x"}""");
        Assert.Equal(["""$aws/things/VIN7/shadow/update {"to":"$aws/rules/other/x"} q0"""], _rig.Publisher.Published);
        Assert.Contains("0 Refused", Assert.Single(_rig.Refused), StringComparison.Ordinal);
    }

    [Fact]
    public async Task S3_puts_one_object_a_message()
    {
        await _rig.RunAsync(
            Rule("""{"s3":{"bucketName":"cars","key":"${topic()}/${n}","cannedAcl":"public-read","roleArn":"x"}}"""), """{"n":1}""", """{"n":2}""", """{"n":1,"again":true}""");
        Assert.Empty(_rig.Refused);
        Assert.Equal("""{"n":1,"again":true}"""u8.ToArray(), _rig.Objects.Find("cars", "dt/cars/VIN7/telemetry/1"));
        Assert.Equal(["objects/cars/dt/cars/VIN7/telemetry/1", "objects/cars/dt/cars/VIN7/telemetry/2"], _rig.Disk.Paths("objects"));
    }

    [Fact]
    public async Task DynamoDBv2_keeps_the_last_document_of_a_key()
    {
        await _rig.RunAsync(
            Rule("""{"dynamoDBv2":{"roleArn":"x","putItem":{"tableName":"cars"}}}"""),
            """{"vin":"a","n":1}""", """{"vin":7,"n":2}""", """{"vin":"a","n":3}""", """{"n":4}""", """{"vin":true}""", """{"vin":""}""", "text");
        Assert.Equal([("7", """{"vin":7,"n":2}"""), ("a", """{"vin":"a","n":3}""")], Documents("cars"));
        Assert.Equal([3, 4, 5, 6], _rig.Refused.Select(static refusal => refusal[0] - '0'));
        Assert.Contains("field 'vin' is the key of the document, and is missing", _rig.Refused[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collection_takes_no_more_keys_than_its_limit_and_goes_on_with_those_it_has()
    {
        var rule = Rule("""{"dynamoDBv2":{"putItem":{"tableName":"few"}}}""");
        await _rig.RunAsync(rule, """{"id":1}""", """{"id":2}""", """{"id":3}""", """{"id":1,"again":true}""");
        await _rig.RunAsync(rule, """{"id":4}""", """{"id":2,"again":true}""");
        Assert.Equal([("1", """{"id":1,"again":true}"""), ("2", """{"id":2,"again":true}""")], Documents("few"));
        Assert.Equal(2, _rig.Refused.Count);
        Assert.All(_rig.Refused, static refusal => Assert.Contains("the collection few holds 2 documents", refusal, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sort_key_is_a_part_of_the_key()
    {
        await _rig.RunAsync(
            Rule("""{"dynamoDBv2":{"putItem":{"tableName":"${t}"}}}"""),
            """{"t":"trips","vin":"a/b","start":1}""", """{"t":"trips","vin":"a","start":"b/1"}""", """{"t":"trips","vin":"a"}""", """{"t":"sessions","vin":"a"}""");
        Assert.Equal(["a%2Fb/1", "a/b%2F1"], Documents("trips").Select(static found => found.Key));
        Assert.Equal(2, _rig.Refused.Count);
        Assert.Contains("the collection 'sessions' is not declared", _rig.Refused[1], StringComparison.Ordinal);
        Assert.Empty(_rig.Documents.List("sessions"));
    }

    [Fact]
    public async Task A_look_up_finds_what_an_action_wrote()
    {
        await _rig.RunAsync(Rule("""{"dynamoDBv2":{"putItem":{"tableName":"cars"}}}"""), """{"vin":"VIN7","owner":"anna"}""");
        Assert.Equal("""{"vin":"VIN7","owner":"anna"}"""u8.ToArray(), new Millrace.Server.Rules.ServerLookups(_rig.Documents, _rig.Objects, null, TimeProvider.System).Document("cars", "VIN7"));
    }

    [Fact]
    public async Task DynamoDB_writes_the_record_as_one_attribute()
    {
        const string Action = """
            {"dynamoDB":{"tableName":"trips","hashKeyField":"vin","hashKeyValue":"${topic(3)}","rangeKeyField":"start","rangeKeyValue":"${start}",
             "rangeKeyType":"NUMBER","payloadField":"message","operation":"${operation}"}}
            """;
        await _rig.RunAsync(
            Rule(Action, "SELECT a FROM 'dt/#'"),
            """{"operation":"INSERT","start":1,"a":1}""", """{"operation":"INSERT","start":2,"a":2}""", """{"operation":"DELETE","start":1}""",
            """{"operation":"DROP","start":3}""", """{"operation":"INSERT","start":"noon"}""");
        Assert.Equal([("VIN7/2", """{"vin":"VIN7","start":2,"message":{"a":2}}""")], Documents("trips"));
        Assert.Equal(2, _rig.Refused.Count);
        Assert.Contains("'DROP'", _rig.Refused[0], StringComparison.Ordinal);
        Assert.Contains("is a NUMBER, and becomes 'noon'", _rig.Refused[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_metric_has_a_sum_a_count_and_the_latest_value()
    {
        var rule = Rule(
            """{"cloudwatchMetric":{"metricNamespace":"cars","metricName":"${m}","metricValue":"${v}","metricUnit":"Percent","metricTimestamp":"${t}"}}""");
        await _rig.RunAsync(rule, """{"m":"fuel","v":1,"t":20}""", """{"m":"fuel","v":2.5,"t":10}""", """{"m":"fuel","v":"much","t":1}""", """{"m":"","v":1,"t":1}""");
        var value = Assert.Single(_rig.Metrics.Read());
        Assert.Equal(("cars", "fuel", "Percent"), (value.Name.Namespace, value.Name.Name, value.Name.Unit));
        Assert.Equal((3.5, 2, 1), (value.Sum, value.Count, value.Last));
        Assert.Equal(2, _rig.Refused.Count);
        await _rig.RunAsync(rule, [.. Enumerable.Range(0, 1001).Select(static i => $$"""{"m":"m{{i}}","v":1,"t":1}""")]);
        Assert.Equal(1000, _rig.Metrics.Read().Count);
        Assert.Contains("one more than the 1000", _rig.Refused[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_lines_are_one_line_each_and_harmless()
    {
        await _rig.RunAsync(
            Rule("""{"cloudwatchLogs":{"logGroupName":"cars/${topic(3)}","roleArn":"x"}}"""), "hot\nfake line \u001b[2J", new string('x', 9000));
        Assert.Equal("cars/VIN7: hot\\u000afake line \\u001b[2J", _rig.Logged[0]);
        Assert.InRange(_rig.Logged[1].Length, 4000, 4200);
    }

    [Fact]
    public async Task A_batch_of_log_lines_is_an_array_of_messages()
    {
        await _rig.RunAsync(
            Rule("""{"cloudwatchLogs":{"logGroupName":"g","batchMode":true}}"""), """[{"timestamp":1,"message":"one"},{"timestamp":2,"message":"two"}]""", """[{"message":"three"}]""");
        Assert.Equal(["g: one", "g: two"], _rig.Logged);
        Assert.Contains("1 Unreadable: with batchMode", Assert.Single(_rig.Refused), StringComparison.Ordinal);
    }

    [Fact]
    public void Version_start_and_state_are_as_on_AWS()
    {
        var flow = RuleRig.Flow("""{"sql":"SELECT * FROM 'a'","actions":[{"live":{}}]}""");
        Assert.Equal((SqlVersion.V2015, FlowStart.Now, true), (flow.Version, flow.Start, flow.Enabled));
        flow = RuleRig.Flow("""
            {"ruleArn":"arn:aws:iot:eu-central-1:123456789012:rule/it","rule":{"ruleName":"it","createdAt":1,"sql":"SELECT * FROM 'a'","description":"d","ruleDisabled":true,
             "awsIotSqlVersion":"2016-03-23","start":"oldest","actions":[{"live":{}}],"errorAction":{"republish":{"topic":"failed","roleArn":"r"}}}}
            """);
        Assert.Equal((SqlVersion.V2016, FlowStart.Oldest, false, "d"), (flow.Version, flow.Start, flow.Enabled, flow.Description));
        Assert.Equal(new RepublishSinkOptions { Topic = "failed", Qos = 0 }, flow.ErrorSink);
    }

    private static string Rule(string actions, string sql = "SELECT * FROM 'dt/#'") =>
        $$"""{"sql":"{{sql}}","awsIotSqlVersion":"2016-03-23","actions":[{{actions}}]}""";

    private (string Key, string Document)[] Documents(string collection) =>
        [.. _rig.Documents.List(CollectionOptions.StoreName(collection)).Select(static found => (found.Key, Encoding.UTF8.GetString(found.Value)))];
}
