using System.Text;
using Millrace.Server.Pipeline;
using Millrace.Server.Rules;

namespace Millrace.Tests.Server.Rules;

/// <summary>Documents of rules: what is taken, and what is told about those that are not.</summary>
public sealed class RuleDocumentTests
{
    /// <summary>What stands in place of the actions, and what is said about it: the place, then words of the sentence; the next after a bar.</summary>
    public static TheoryData<string, string> Mistakes => new()
    {
        { "[]", "actions must hold 1 to 10 actions, not 0" },
        { "{}", "actions must be a list" },
        { "[{}]", "actions[0] exactly one of" },
        { """[{"kinesys":{}}]""", "actions[0].kinesys did you mean kinesis?" },
        { """[{"kinesis":{"stream":"alarms"}}]""", "actions[0].kinesis.streamName is missing|actions[0].kinesis.stream is unknown" },
        { """[{"kinesis":{"streamName":"alrms"}}]""", "actions[0].kinesis.streamName did you mean alarms?" },
        { """[{"kinesis":{"streamName":"alarms","partitionKey":"${topic("}}]""", "actions[0].kinesis.partitionKey expected" },
        { """[{"kinesis":{"streamName":"alarms","partitionKey":"${nosuch(1)}"}}]""", "actions[0].kinesis.partitionKey nosuch" },
        { """[{"live":{}},{"republish":{"topic":"a/#","qos":2}}]""", "actions[1].republish.topic wildcards|actions[1].republish.qos 0 or 1" },
        { """[{"republish":{"topic":"$aws/things/x/shadow/update"}}]""", "actions[0].republish.topic $$aws/things/" },
        { """[{"republish":{"topic":"$$aws/things/x/jobs/get"}}]""", "actions[0].republish.topic jobs" },
        { """[{"republish":{"topic":"$$SYS/broker"}}]""", "actions[0].republish.topic only $$aws/things/" },
        { """[{"republish":{"topic":"in/again"}}]""", "actions[0].republish.topic rule's own FROM" },
        { """[{"republish":{"topic":"$$aws/rules/it/x"}}]""", "actions[0].republish.topic rule's own FROM" },
        { """[{"republish":{"topic":"out","headers":{"messageExpiry":"soon","correlationData":"%%","payloadFormatIndicator":"UTF8","responseTopic":"a/+","x":1}}}]""",
            "actions[0].republish.headers.messageExpiry whole number|actions[0].republish.headers.correlationData Base64|actions[0].republish.headers.payloadFormatIndicator UTF8_DATA|"
            + "actions[0].republish.headers.responseTopic wildcards|actions[0].republish.headers.x is unknown" },
        { """[{"republish":{"topic":"out","retain":true}}]""", "actions[0].republish.retain is unknown" },
        { """[{"firehose":{"deliveryStreamName":"a/b","separator":";"}}]""", "actions[0].firehose.deliveryStreamName letters|actions[0].firehose.separator line break" },
        { """[{"firehose":{"deliveryStreamName":"a"}},{"firehose":{"deliveryStreamName":"a"}}]""", "actions[1].firehose.deliveryStreamName writes to 'a' already" },
        { """[{"timestream":{"databaseName":"a","tableName":"b","dimensions":[{"name":"time","value":"x"},{"name":"ts_x","value":"${"},{"name":"a:b"}],"timestamp":{"value":"1","unit":"HOURS"}}}]""",
            "actions[0].timestream.dimensions[0].name every table has|actions[0].timestream.dimensions[1].name ts_|actions[0].timestream.dimensions[1].value expected|"
            + "actions[0].timestream.dimensions[2].value is missing|actions[0].timestream.dimensions[2].name colon|actions[0].timestream.timestamp.unit one of SECONDS" },
        { """[{"timestream":{"databaseName":"a b","tableName":"b","dimensions":[]}}]""", "actions[0].timestream.tableName letters|actions[0].timestream.dimensions 1 to 128" },
        { """[{"s3":{"bucketName":"../x","key":""}}]""", "actions[0].s3.bucketName letters|actions[0].s3.key must not be empty" },
        { """[{"dynamoDBv2":{"putItem":{"tableName":"car"}}}]""", "actions[0].dynamoDBv2.putItem.tableName did you mean cars?" },
        { """[{"dynamoDBv2":{"tableName":"cars"}}]""", "actions[0].dynamoDBv2.putItem is missing|actions[0].dynamoDBv2.tableName is unknown" },
        { """[{"dynamoDB":{"tableName":"cars","hashKeyField":"vin","hashKeyValue":"1","hashKeyType":"BINARY","rangeKeyField":"x","operation":"DROP"}}]""",
            "actions[0].dynamoDB.hashKeyType one of STRING, NUMBER|actions[0].dynamoDB.rangeKeyField stand together|actions[0].dynamoDB.operation INSERT, UPDATE or DELETE" },
        { """[{"dynamoDB":{"tableName":"trips","hashKeyField":"id","hashKeyValue":"1"}}]""",
            "actions[0].dynamoDB.hashKeyField declared with the key 'vin'|actions[0].dynamoDB.rangeKeyField the sort key 'start'" },
        { """[{"cloudwatchMetric":{"metricNamespace":"a","metricName":"b","metricValue":"1","metricUnit":"Furlong"}}]""", "actions[0].cloudwatchMetric.metricUnit one of Seconds" },
        { """[{"lambda":{"functionArn":"arn:aws:lambda:us-east-1:123456789012:function:f"}}]""", "actions[0].lambda no runtime for functions" },
        { """[{"sns":{"targetArn":"x"}}]""", "actions[0].sns republish" },
        { """[{"sqs":{"queueUrl":"x"}},{"stepFunctions":{}},{"iotEvents":{}},{"openSearch":{}},{"cloudwatchAlarm":{}},{"iotSiteWise":{}},{"location":{}},{"salesforce":{}}]""",
            "actions[0].sqs kinesis|actions[1].stepFunctions http|actions[2].iotEvents window|actions[3].openSearch http|actions[4].cloudwatchAlarm cloudwatchMetric|actions[5].iotSiteWise timestream|"
            + "actions[6].location timestream|actions[7].salesforce http" },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public void Each_mistake_is_told_with_its_place(string actions, string expected)
    {
        var told = RuleRig.Mistakes($$"""{"sql":"SELECT * FROM 'in/#'","awsIotSqlVersion":"2016-03-23","actions":{{actions}}}""");
        foreach (var one in expected.Split('|'))
        {
            var words = one.Split(' ');
            Assert.True(
                told.Any(problem => problem.Contains($" {words[0]}: ", StringComparison.Ordinal) && words.Skip(1).All(word => problem.Contains(word, StringComparison.Ordinal))),
                $"expected {one}\ngot\n{string.Join('\n', told)}");
        }
    }

    [Fact]
    public void All_mistakes_of_a_document_are_told_at_once_and_in_order()
    {
        Assert.Equal(
            [
                "2:18: sql: there is no function nosuch()",
                "3:23: awsIotSqlVersion: '2017-01-01' is unknown",
                "4:20: ruleDisabled: must be true or false, not 'no'",
                "6:34: actions[0].kinesis.streamName: the stream 'x' is not declared under streams",
                "8:4: errorActoin: is unknown; did you mean errorAction?",
            ],
            RuleRig.Mistakes("""
                {
                  "sql": "SELECT nosuch(1) AS a FROM 'a'",
                  "awsIotSqlVersion": "2017-01-01",
                  "ruleDisabled" : "no",
                  "actions": [
                    { "kinesis": { "streamName": "x" } }
                  ],
                   "errorActoin": { "live": {} }
                }
                """).Select(static problem => Shortened(problem)));
    }

    [Theory]
    [InlineData("SELECT a FROM 'in/#' WHERE topic() <> 'in/out'", "in/out")]
    [InlineData("SELECT a FROM 'in/+'", "in/a/b")]
    [InlineData("SELECT a FROM 'in/#'", "${topic()}/x")]
    public void A_rule_that_may_end_can_publish_what_it_reads(string sql, string topic) =>
        Assert.Empty(RuleRig.Mistakes($$$"""{"sql":"{{{sql}}}","awsIotSqlVersion":"2016-03-23","actions":[{"republish":{"topic":"{{{topic}}}"}}]}"""));

    [Fact]
    public void Variables_of_the_statement_are_seen_by_templates_and_no_others()
    {
        const string Sql = "SET @v = upper(vin) SELECT * FROM 'a'";
        Assert.Empty(RuleRig.Mistakes(Document(Sql, "${@v}")));
        Assert.NotEmpty(RuleRig.Mistakes(Document(Sql, "${@w}")));

        static string Document(string sql, string key) =>
            $$$"""{"sql":"{{{sql}}}","awsIotSqlVersion":"2016-03-23","actions":[{"kinesis":{"streamName":"alarms","partitionKey":"{{{key}}}"}}]}""";
    }

    [Fact]
    public void What_only_AWS_needs_is_passed_over()
    {
        var flow = RuleRig.Flow("""
            {"topicRulePayload":{"sql":"SELECT * FROM 'a'","actions":[
              {"kinesis":{"streamName":"arn:aws:kinesis:us-east-1:123456789012:stream/alarms","roleArn":"r"}},
              {"s3":{"bucketName":"arn:aws:s3:::cars","key":"k","cannedAcl":"private","roleArn":"r"}}]},"ruleName":"it"}
            """);
        Assert.Equal(["alarms", "cars"], flow.Sinks.Select(static sink => sink.Target));
    }

    [Fact]
    public void A_document_is_kept_as_JSON_however_it_was_written()
    {
        const string Yaml = """
            sql: SELECT * FROM 'a'  # a comment
            ruleDisabled: false
            actions:
              - republish: { topic: 'out/${a}', qos: 1 }
              - log: { group: "emoji \U0001F697 tab\t" }
            """;
        Assert.True(RuleDocument.TryRead("it", Encoding.UTF8.GetBytes(Yaml), PipelineFile.Empty, out var flow, out var json, out _));
        Assert.True(RuleDocument.TryRead("it", json, PipelineFile.Empty, out var again, out var same, out _));
        Assert.Equal(flow, again);
        Assert.Equal(json, same);
        Assert.StartsWith("""{"sql":"SELECT * FROM 'a'","ruleDisabled":false,"actions":[{"republish":{"topic":"out/${a}","qos":1}},""", Encoding.UTF8.GetString(json), StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_is_read_as_other_tools_write_it()
    {
        const string Json = "{\r\n\t\"sql\":\t\"SELECT '\\ud83d\\ude97 \\/' AS a FROM 'a'\",\r\n\t\"actions\": [\r\n\t\t{\"live\": {}}\r\n\t]\r\n}\r\n";
        Assert.Equal("SELECT '\U0001F697 /' AS a FROM 'a'", RuleRig.Flow(Json).Sql);
    }

    public static TheoryData<string, string, string> Hostile => new()
    {
        { "a megabyte", new string('a', 1 << 20), "larger than 512 KiB" },
        { "depth", string.Concat(Enumerable.Repeat("{\"a\":", 10_000)), "deeper than 16" },
        { "a list", "[1]", "must be a map" },
        { "nothing", "", "sql: is missing" },
        { "a key twice", """{"sql":"SELECT * FROM 'a'","sql":"SELECT * FROM 'b'","actions":[{"live":{}}]}""", "stands here a second time" },
        { "numbers", """{"sql":1,"actions":2,"errorAction":3,"description":4,"ruleDisabled":5}""", "actions: must be a list" },
        { "nulls", """{"sql":null,"actions":[null],"errorAction":null}""", "sql: has no value" },
        { "eleven actions", $$"""{"sql":"SELECT * FROM 'a'","actions":[{{string.Join(',', Enumerable.Repeat("""{"live":{}}""", 11))}}]}""", "1 to 10 actions, not 11" },
        { "an anchor", "a: &x {sql: b}\nrule: *x", "anchors" },
        { "a wrapper of nothing", """{"rule":5}""", "must be a map, the rule's document" },
    };

    [Theory, MemberData(nameof(Hostile))]
    public void Hostile_documents_are_refused_with_a_reason(string what, string document, string reason) =>
        Assert.True(RuleRig.Mistakes(document).Any(problem => problem.Contains(reason, StringComparison.Ordinal)), $"{what}: {string.Join('\n', RuleRig.Mistakes(document))}");

    [Fact]
    public void Any_damage_to_a_good_document_is_told_or_harmless()
    {
        var good = """{"sql":"SELECT a FROM 'a'","actions":[{"s3":{"bucketName":"${a}","key":"k/${topic()}"}},{"dynamoDBv2":{"putItem":{"tableName":"cars"}}}]}"""u8.ToArray();
        var random = new Random(5);
        for (var i = 0; i < 2000; i++)
        {
            var damaged = good.ToArray();
            for (var n = random.Next(1, 6); n > 0; n--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (!RuleDocument.TryRead("it", damaged, PipelineFile.Empty, out _, out _, out var problems)) Assert.NotEmpty(problems);
        }
    }

    [Fact]
    public void A_rule_of_the_pipeline_file_is_a_flow_and_cannot_have_the_name_of_one()
    {
        var file = RuleRig.Read("""
            flows:
              one: { sql: SELECT * FROM 'a', to: { kinesis: { streamName: s } } }
            streams: { s: {} }
            rules:
              two: { sql: SELECT * FROM 'a', actions: [ { kinesis: { streamName: s, partitionKey: '${a}' } } ], errorAction: { log: { group: failed } } }
            """);
        Assert.Equal(["one", "two"], file.Flows.Select(static flow => flow.Name));
        Assert.False(PipelineReader.TryRead("""
            flows: { one: { sql: SELECT * FROM 'a', to: { live: {} } } }
            rules: { one: { sql: SELECT * FROM 'a', actions: [ { live: {} } ] } }
            streams: { ingress: {} }
            collections: { 'a.b': { key: '' } }
            """u8, out _, out var problems));
        Assert.Equal(["rules.one.name", "streams.ingress", "collections.a.b.name", "collections.a.b.key"], problems.Select(static problem => problem.Where));
    }

    private static string Shortened(string problem) => problem.Split(';', 2) is [var first, _] && !problem.Contains("errorActoin", StringComparison.Ordinal) ? first : problem;
}
