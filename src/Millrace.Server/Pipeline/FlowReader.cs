using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;
using Millrace.Sql.Rules;

namespace Millrace.Server.Pipeline;

/// <summary>One entry of <c>flows:</c>.</summary>
internal static class FlowReader
{
    public static Dictionary<string, FlowStart> Starts { get; } = new() { ["oldest"] = FlowStart.Oldest, ["now"] = FlowStart.Now };

    public static Dictionary<string, SqlVersion> Versions { get; } =
        new() { ["2016-03-23"] = SqlVersion.V2016, ["2015-10-08"] = SqlVersion.V2015, ["beta"] = SqlVersion.V2016 };

    /// <returns>Null where the flow has no sink that could be read.</returns>
    public static ReadFlow? Read(string name, ScalarNode key, Section section)
    {
        section.Problems.Place($"{section.Where}.name", key);
        var sql = section.Needed("sql", "SELECT * FROM 'dt/#'");
        var source = ReadSource(section);
        var steps = StepReader.Read(section);
        var sinks = SinkReader.ReadAll(section);
        var errors = SinkReader.Read(section, "onError");
        var version = section.Choice("version", Versions) ?? SqlVersion.V2016;
        var options = ReadSqlOptions(section);
        var start = section.Choice("start", Starts) ?? FlowStart.Oldest;
        var window = WindowReader.Read(section);
        var retry = ReadRetry(section);
        var enabled = section.Flag("enabled") ?? true;
        var description = section.Text("description") ?? "";
        section.End();

        var flow = new FlowOptions
        {
            Name = name,
            Sql = sql,
            Source = source,
            Steps = steps,
            // Something stands in for a sink that could not be read, so that the rest of the flow is checked all the same.
            Sinks = sinks.Count > 0 ? [.. sinks.Select(static part => part.Sink)] : [new LiveSinkOptions()],
            ErrorSink = errors?.Sink,
            Version = version,
            SqlOptions = options,
            Enabled = enabled,
            Description = description,
            Start = start,
            Window = window,
            Retry = retry,
        };
        var read = new ReadFlow(flow, section.Where, sinks, errors);
        section.Problems.AddChecked("", read.Check());
        return sinks.Count == 0 ? null : read;
    }

    private static SourceOptions ReadSource(Section section)
    {
        if (section.Map("from") is not { } from) return new IngressSource();
        var stream = from.Needed("stream", "alarms");
        from.End();
        return new StreamSource(stream);
    }

    public static RuleSqlOptions ReadSqlOptions(Section section)
    {
        var options = RuleSqlOptions.Default;
        if (section.Map("sqlOptions") is not { } given) return options;
        options = options with
        {
            IntegerDivision = given.Flag("integerDivision") ?? false,
            NestPaths = given.Flag("nestPaths") ?? false,
            ThreeValuedLogic = given.Flag("threeValuedLogic") ?? false,
        };
        given.End();
        return options;
    }

    public static RetryOptions ReadRetry(Section section)
    {
        var retry = new RetryOptions();
        if (section.Map("retry") is not { } given) return retry;
        if (given.Duration("first") is { } first) retry = retry with { First = first };
        if (given.Duration("longest") is { } longest) retry = retry with { Longest = longest };
        if (given.Whole("attempts") is { } attempts) retry = retry with { Attempts = attempts };
        given.End();
        return retry;
    }
}
