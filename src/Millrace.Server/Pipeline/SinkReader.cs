using Millrace.Connectors.S3;
using Millrace.Contracts.Objects;
using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;
using Millrace.Sql.Payload;

namespace Millrace.Server.Pipeline;

/// <summary>The <c>to:</c> of a flow.</summary>
internal static class SinkReader
{
    /// <summary>Every sink there is, by the name a pipeline file uses; under AWS's names there are those of <see cref="ActionReader"/> beside.</summary>
    private static readonly Dictionary<string, Func<Section, SinkOptions>> Sinks = new()
    {
        ["series"] = Series,
        ["lake"] = Lake,
        ["republish"] = Republish,
        ["stream"] = Stream,
        ["objects"] = Objects,
        ["documents"] = Documents,
        ["metric"] = Metric,
        ["log"] = Log,
        ["live"] = static _ => new LiveSinkOptions(),
        ["http"] = HttpSinkReader.Read,
        ["redis"] = RedisSinkReader.Read,
        ["kafka"] = KafkaSinkReader.Read,
    };

    private static readonly Dictionary<string, LakeFormat> Formats = new() { ["jsonl"] = LakeFormat.JsonLines, ["parquet"] = LakeFormat.Parquet };

    private static readonly string[] Names = [.. Sinks.Keys, .. ActionReader.OfAws.Keys];

    public static Dictionary<string, TimeUnit> Units { get; } = new()
    {
        ["s"] = TimeUnit.Seconds,
        ["ms"] = TimeUnit.Milliseconds,
        ["us"] = TimeUnit.Microseconds,
        ["ns"] = TimeUnit.Nanoseconds,
    };

    /// <summary><c>to:</c>, one destination or a list of them.</summary>
    public static IReadOnlyList<SinkPart> ReadAll(Section flow)
    {
        if (!flow.Has("to"))
            flow.Problems.Add($"{flow.Where}.to", $"is missing; it says where the flow ends: one of {string.Join(", ", Sinks.Keys)}", flow.Node);
        if (!flow.IsList("to")) return Read(flow, "to") is { } one ? [one] : [];
        return ReadList(flow, "to", "destinations", isRule: false);
    }

    /// <summary>A rule's <c>actions</c>: always a list.</summary>
    public static IReadOnlyList<SinkPart> ReadActions(Section rule)
    {
        if (!rule.Has("actions"))
            rule.Problems.Add(Path(rule, "actions"), """is missing; it says what the rule does, as [{"kinesis": {"streamName": "alarms"}}]""", rule.Node);
        return ReadList(rule, "actions", "actions", isRule: true);
    }

    /// <returns>Null where there is none, or none that could be read.</returns>
    public static SinkPart? Read(Section flow, string key) => flow.Map(key) is { } section ? Read(section, isRule: false) : null;

    /// <returns>As the other one, of a rule.</returns>
    public static SinkPart? ReadAction(Section rule, string key) => rule.Map(key) is { } section ? Read(section, isRule: true) : null;

    private static List<SinkPart> ReadList(Section section, string key, string what, bool isRule)
    {
        var sinks = new List<SinkPart>();
        if (section.Items(key) is not { } items) return sinks;
        if (items.Count is 0 or > FlowOptions.MostSinks)
            section.Problems.Add(Path(section, key), $"must hold 1 to {FlowOptions.MostSinks} {what}, not {items.Count}", section.Node);
        for (var i = 0; i < items.Count; i++)
            if (Section.Open($"{Path(section, key)}[{i}]", items[i], section.Problems) is { } item && Read(item, isRule) is { } sink) sinks.Add(sink);
        return sinks;
    }

    private static SinkPart? Read(Section choice, bool isRule)
    {
        if (((MapNode)choice.Node).Entries is [{ Key: var only }] && !Sinks.ContainsKey(only.Text) && ActionReader.Refused.TryGetValue(only.Text, out var why))
        {
            choice.Problems.Add($"{choice.Where}.{only.Text}", $"is no action here: {why}", only);
            return null;
        }

        if (choice.Only(Names) is not var (key, section)) return null;
        var form = isRule && key.Text == "republish" ? ActionReader.Republish
            : ActionReader.OfAws.TryGetValue(key.Text, out var action) ? action
            : new SinkForm(Sinks[key.Text]);

        // Every action of AWS has the role that it acts as; here it acts as the server.
        if (isRule || ActionReader.OfAws.ContainsKey(key.Text)) section.Has("roleArn");

        // The network that AWS reaches Kafka through; here the addresses among clientProperties are enough.
        if (isRule) section.Has("destinationArn");
        var sink = form.Read(section);
        section.End();
        return new SinkPart(sink, section.Where, form);
    }

    private static string Path(Section section, string key) => section.Where.Length == 0 ? key : $"{section.Where}.{key}";

    private static SeriesSinkOptions Series(Section section) => new()
    {
        Table = section.Needed("table", "fleet.telemetry"),
        Dimensions = section.Names("dimensions") ?? [],
        Measure = ReadMeasure(section),
        Time = ReadTime(section),
    };

    private static MeasureOptions ReadMeasure(Section section)
    {
        var (single, multi) = (section.Has("measure"), section.Has("measures"));
        if (single && multi) section.Problems.Add($"{section.Where}.measure", "stands beside measures; keep one of them", section.Node);
        if (!single && !multi)
            section.Problems.Add(
                $"{section.Where}.measure",
                "is missing; measure: { name: FIELD, value: FIELD } for one value a record, or measures: [FIELD, …] or all for several",
                section.Node);

        if (multi)
        {
            var isAll = section.IsWord("measures", "all");
            var fields = isAll ? null : section.Names("measures");
            return new MultiMeasure(section.Needed("measureName", "trip"), fields);
        }

        if (section.Map("measure") is not { } measure) return new SingleMeasure("", "");
        var options = new SingleMeasure(measure.Needed("name", "name"), measure.Needed("value", "value"));
        measure.End();
        return options;
    }

    private static TimeOptions? ReadTime(Section section)
    {
        if (section.Map("time") is not { } time) return null;
        var options = new TimeOptions(time.Needed("field", "timestamp"));
        if (time.Choice("unit", Units) is { } unit) options = options with { Unit = unit };
        time.End();
        return options;
    }

    private static LakeSinkOptions Lake(Section section)
    {
        var lake = new LakeSinkOptions
        {
            Stream = section.Needed("stream", "cars"),
            Prefix = section.Text("prefix"),
            PartitionKeys = [.. section.Texts("partitionKeys").Select(static key => new LakePartitionKey(key.Key, key.Value))],
            ErrorPrefix = section.Text("errorPrefix"),
            Format = section.Choice("format", Formats) ?? LakeFormat.JsonLines,
            Columns = [.. section.Texts("columns").Select(static column => new LakeColumn(column.Key, LakeColumn.Types.TryGetValue(column.Value, out var type) ? type : null))],
        };
        if (section.Map("s3") is { } s3) lake = lake with { S3 = S3(s3) };
        if (section.Size("compact") is { } compact) lake = lake with { Compact = compact };
        if (section.Size("bufferSize") is { } size) lake = lake with { BufferSize = size };
        if (section.Duration("bufferTime") is { } time) lake = lake with { BufferTime = time };
        return lake;
    }

    private static LakeS3Options S3(Section section)
    {
        var s3 = new LakeS3Options(section.Needed("url", "s3://bucket/prefix"))
        {
            Endpoint = section.Text("endpoint"),
            Region = section.Text("region"),
            AccessKey = section.Text("accessKey"),
            SecretKey = section.Text("secretKey"),
        };
        section.End();
        if (s3.Url.Length > 0 && S3Address.TryParse(s3.Url, s3.Endpoint, s3.Region, out _) is { } wrong) section.Problems.Add(section.Where, wrong, section.Node);
        return s3;
    }

    private static RepublishSinkOptions Republish(Section section) => new()
    {
        Topic = section.Needed("topic", "'cmd/cars/${vin}/stop'"),
        Qos = section.Whole("qos") ?? 1,
        Retain = section.Flag("retain") ?? false,
        Headers = RepublishHeadersReader.Read(section),
    };

    private static StreamSinkOptions Stream(Section section) => new()
    {
        Name = section.Needed("name", "alarms"),
        Key = section.Text("key"),
    };

    private static ObjectSinkOptions Objects(Section section) =>
        new() { Bucket = section.Needed("bucket", "cars"), Key = section.Needed("key", "'${topic()}/${timestamp()}.json'") };

    private static DocumentSinkOptions Documents(Section section) => new() { Collection = section.Needed("collection", "cars") };

    private static MetricSinkOptions Metric(Section section)
    {
        var metric = new MetricSinkOptions
        {
            Namespace = section.Needed("namespace", "cars"),
            Name = section.Needed("name", "speed"),
            Value = section.Needed("value", "'${speed}'"),
            Time = section.Text("time"),
        };
        return section.Text("unit") is { } unit ? metric with { Unit = unit } : metric;
    }

    private static LogSinkOptions Log(Section section) => new() { Group = section.Needed("group", "cars"), Batch = section.Flag("batchMode") ?? false };
}
