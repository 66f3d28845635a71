using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;
using Millrace.Sql.Payload;

namespace Millrace.Server.Pipeline;

/// <summary>Actions under the names and with the parameters of an AWS IoT rule.</summary>
internal static class ActionReader
{
    private const int MostFirehoseRecords = 500;
    private const int MostChannelMessages = 100;

    /// <summary>What AWS has and this server does not, and what does its work here.</summary>
    public static Dictionary<string, string> Refused { get; } = new()
    {
        ["lambda"] = "there is no runtime for functions here yet; the http action calls a function that runs elsewhere",
        ["sns"] = "there is no SNS here; republish reaches every subscriber of a topic",
        ["sqs"] = "there is no SQS here; kinesis writes to a stream that keeps its records until they are read",
        ["stepFunctions"] = "there are no Step Functions here; the http action starts what runs elsewhere",
        ["iotEvents"] = "there is no IoT Events here; a flow with GROUP BY and a window watches for conditions",
        ["cloudwatchAlarm"] = "there are no CloudWatch alarms here; cloudwatchMetric gives Prometheus a number to raise an alarm on",
        ["elasticsearch"] = "there is no Elasticsearch here; the http action puts documents to a server that runs elsewhere",
        ["openSearch"] = "there is no OpenSearch here; the http action puts documents to a server that runs elsewhere",
        ["iotSiteWise"] = "there is no IoT SiteWise here; timestream keeps measured values",
        ["location"] = "there is no Location Service here; timestream or dynamoDBv2 keeps positions",
        ["salesforce"] = "there is no connection to Salesforce here; the http action sends to any server",
    };

    /// <summary>Those on our own stores, but for republish, which a flow writes otherwise.</summary>
    public static Dictionary<string, SinkForm> OfAws { get; } = new()
    {
        ["kinesis"] = new(Kinesis, ("name", "streamName"), ("key", "partitionKey")),
        ["firehose"] = new(Firehose, ("stream", "deliveryStreamName")),
        ["iotAnalytics"] = new(Channel, ("name", "channelName")),
        ["timestream"] = new(Timestream, ("table", "tableName"), ("time", "timestamp.value")),
        ["s3"] = new(Bucket, ("bucket", "bucketName")),
        ["dynamoDB"] = new(DynamoDb, ("collection", "tableName")),
        ["dynamoDBv2"] = new(DynamoDbV2, ("collection", "putItem.tableName")),
        ["cloudwatchMetric"] = new(
            Metric, ("namespace", "metricNamespace"), ("name", "metricName"), ("value", "metricValue"), ("unit", "metricUnit"), ("time", "metricTimestamp")),
        ["cloudwatchLogs"] = new(Logs, ("group", "logGroupName")),
    };

    private static readonly Dictionary<string, TimeUnit> Units = new()
    {
        ["SECONDS"] = TimeUnit.Seconds,
        ["MILLISECONDS"] = TimeUnit.Milliseconds,
        ["MICROSECONDS"] = TimeUnit.Microseconds,
        ["NANOSECONDS"] = TimeUnit.Nanoseconds,
    };

    private static readonly Dictionary<string, bool> KeyTypes = new() { ["STRING"] = false, ["NUMBER"] = true };

    /// <summary>As AWS has it: with QoS 0 unless it says otherwise, and never retained.</summary>
    public static SinkForm Republish { get; } = new(static section => new RepublishSinkOptions
    {
        Topic = section.Needed("topic", "'cmd/cars/${vin}/stop'"),
        Qos = section.Whole("qos") ?? 0,
        Headers = RepublishHeadersReader.Read(section),
    });

    /// <summary>A name, of which AWS also takes the ARN: its last part.</summary>
    public static string NameOf(string text)
    {
        if (!text.StartsWith("arn:", StringComparison.Ordinal) || text.Contains("${", StringComparison.Ordinal)) return text;
        return text[(text.LastIndexOfAny(['/', ':']) + 1)..];
    }

    private static StreamSinkOptions Kinesis(Section section) => new()
    {
        Name = NameOf(section.Needed("streamName", "alarms")),
        Key = section.Text("partitionKey") is { Length: > 0 } key ? key : null,
    };

    private static StreamSinkOptions Channel(Section section) => new()
    {
        Name = NameOf(section.Needed("channelName", "telemetry")),
        BatchLimit = section.Flag("batchMode") == true ? MostChannelMessages : null,
    };

    private static LakeSinkOptions Firehose(Section section)
    {
        var lake = new LakeSinkOptions
        {
            Stream = NameOf(section.Needed("deliveryStreamName", "cars")),
            BatchLimit = section.Flag("batchMode") == true ? MostFirehoseRecords : null,
        };
        return section.Text("separator") is { } separator
            ? lake with { Separator = separator.Replace("\\r", "\r", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal) }
            : lake;
    }

    private static TimestreamSinkOptions Timestream(Section section)
    {
        var database = NameOf(section.Needed("databaseName", "fleet"));
        var table = NameOf(section.Needed("tableName", "telemetry"));
        var options = new TimestreamSinkOptions
        {
            Table = $"{database}.{table}",
            Dimensions = [.. section.Sections("dimensions").Select(ReadDimension)],
            Batch = section.Flag("batchMode") ?? false,
        };
        if (section.Map("timestamp") is not { } timestamp) return options;
        options = options with { Time = timestamp.Needed("value", "'${timestamp()}'") };
        if (timestamp.Choice("unit", Units) is { } unit) options = options with { Unit = unit };
        timestamp.End();
        return options;
    }

    private static TimestreamDimension ReadDimension(Section section)
    {
        var dimension = new TimestreamDimension(section.Needed("name", "vin"), section.Needed("value", "'${vin}'"));
        section.End();
        return dimension;
    }

    private static ObjectSinkOptions Bucket(Section section)
    {
        section.Has("cannedAcl");
        return new ObjectSinkOptions { Bucket = NameOf(section.Needed("bucketName", "cars")), Key = section.Needed("key", "'${topic()}/${timestamp()}.json'") };
    }

    private static DocumentSinkOptions DynamoDbV2(Section section)
    {
        if (section.Map("putItem") is not { } item)
        {
            section.Needed("putItem", "{ tableName: cars }");
            return new DocumentSinkOptions { Collection = "x" };
        }

        var options = new DocumentSinkOptions { Collection = NameOf(item.Needed("tableName", "cars")) };
        item.End();
        return options;
    }

    private static DocumentSinkOptions DynamoDb(Section section) => new()
    {
        Collection = NameOf(section.Needed("tableName", "cars")),
        Item = new DocumentItem
        {
            HashKeyField = section.Needed("hashKeyField", "vin"),
            HashKeyValue = section.Needed("hashKeyValue", "'${topic(3)}'"),
            IsHashKeyNumber = section.Choice("hashKeyType", KeyTypes) ?? false,
            RangeKeyField = section.Text("rangeKeyField"),
            RangeKeyValue = section.Text("rangeKeyValue"),
            IsRangeKeyNumber = section.Choice("rangeKeyType", KeyTypes) ?? false,
            PayloadField = section.Text("payloadField") is { Length: > 0 } field ? field : "payload",
            Operation = section.Text("operation") is { Length: > 0 } operation ? operation : "INSERT",
        },
    };

    private static MetricSinkOptions Metric(Section section)
    {
        var metric = new MetricSinkOptions
        {
            Namespace = section.Needed("metricNamespace", "cars"),
            Name = section.Needed("metricName", "speed"),
            Value = section.Needed("metricValue", "'${speed}'"),
            Time = section.Text("metricTimestamp") is { Length: > 0 } time ? time : null,
        };
        return section.Text("metricUnit") is { } unit ? metric with { Unit = unit } : metric;
    }

    private static LogSinkOptions Logs(Section section) => new()
    {
        Group = NameOf(section.Needed("logGroupName", "cars")),
        Batch = section.Flag("batchMode") ?? false,
    };
}
