using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;
using Millrace.Sql.Payload;

namespace Millrace.Server.Pipeline;

/// <summary>The <c>to:</c> of a flow.</summary>
internal static class SinkReader
{
    /// <summary>Every sink there is, by the name a pipeline file uses.</summary>
    private static readonly Dictionary<string, Func<Section, SinkOptions>> Sinks = new()
    {
        ["series"] = Series,
        ["lake"] = Lake,
        ["republish"] = Republish,
        ["stream"] = Stream,
        ["live"] = static _ => new LiveSinkOptions(),
        ["http"] = HttpSinkReader.Read,
        ["redis"] = RedisSinkReader.Read,
        ["kafka"] = KafkaSinkReader.Read,
    };

    public static Dictionary<string, TimeUnit> Units { get; } = new()
    {
        ["s"] = TimeUnit.Seconds,
        ["ms"] = TimeUnit.Milliseconds,
        ["us"] = TimeUnit.Microseconds,
        ["ns"] = TimeUnit.Nanoseconds,
    };

    /// <summary><c>to:</c>, one destination or a list of them.</summary>
    public static ValueList<SinkOptions> ReadAll(Section flow)
    {
        if (!flow.Has("to"))
            flow.Problems.Add($"{flow.Where}.to", $"is missing; it says where the flow ends: one of {string.Join(", ", Sinks.Keys)}", flow.Node);
        if (!flow.IsList("to")) return Read(flow, "to") is { } one ? [one] : [];
        var items = flow.Items("to")!;
        if (items.Count is 0 or > FlowOptions.MostSinks)
            flow.Problems.Add($"{flow.Where}.to", $"must hold 1 to {FlowOptions.MostSinks} destinations, not {items.Count}", flow.Node);
        var sinks = new List<SinkOptions>();
        for (var i = 0; i < items.Count; i++)
            if (Section.Open($"{flow.Where}.to[{i}]", items[i], flow.Problems) is { } item && Read(item) is { } sink) sinks.Add(sink);
        return [.. sinks];
    }

    /// <returns>Null where there is none, or none that could be read.</returns>
    public static SinkOptions? Read(Section flow, string key) => flow.Map(key) is { } section ? Read(section) : null;

    private static SinkOptions? Read(Section choice)
    {
        if (choice.Only(Sinks.Keys) is not var (key, section)) return null;
        var sink = Sinks[key.Text](section);
        section.End();
        return sink;
    }

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
        var lake = new LakeSinkOptions { Stream = section.Needed("stream", "cars") };
        if (section.Size("bufferSize") is { } size) lake = lake with { BufferSize = size };
        if (section.Duration("bufferTime") is { } time) lake = lake with { BufferTime = time };
        return lake;
    }

    private static RepublishSinkOptions Republish(Section section) => new()
    {
        Topic = section.Needed("topic", "'cmd/cars/${vin}/stop'"),
        Qos = section.Whole("qos") ?? 1,
        Retain = section.Flag("retain") ?? false,
    };

    private static StreamSinkOptions Stream(Section section) => new()
    {
        Name = section.Needed("name", "alarms"),
        Key = section.Text("key"),
    };
}
