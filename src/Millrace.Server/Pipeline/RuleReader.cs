using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;
using Millrace.Sql.Rules;

namespace Millrace.Server.Pipeline;

/// <summary>A rule as AWS IoT has it: the document of its API, or one entry of <c>rules:</c>.</summary>
/// <remarks>
/// Three keys more than AWS: <c>start</c>, <c>retry</c> and <c>sqlOptions</c>, as flows have them. As on AWS a rule begins with the message after its creation, and speaks the SQL of
/// 2015-10-08 where it names no version.
/// </remarks>
internal static class RuleReader
{
    /// <summary>Keys of AWS's answers that say nothing here.</summary>
    private static readonly string[] Ignored = ["ruleName", "ruleArn", "createdAt"];

    /// <returns>Null where the rule has no action that could be read.</returns>
    public static ReadFlow? Read(string name, YamlNode key, Section section)
    {
        section.Problems.Place(section.Where.Length == 0 ? "name" : $"{section.Where}.name", key);
        foreach (var ignored in Ignored) section.Has(ignored);
        var sql = section.Needed("sql", "SELECT * FROM 'dt/#'");
        var description = section.Text("description") ?? "";
        var disabled = section.Flag("ruleDisabled") ?? false;
        var version = section.Choice("awsIotSqlVersion", FlowReader.Versions) ?? SqlVersion.V2015;
        var actions = SinkReader.ReadActions(section);
        var errors = SinkReader.ReadAction(section, "errorAction");
        var options = FlowReader.ReadSqlOptions(section);
        var start = section.Choice("start", FlowReader.Starts) ?? FlowStart.Now;
        var retry = FlowReader.ReadRetry(section);
        section.End();
        var flow = new FlowOptions
        {
            Name = name,
            Sql = sql,
            Sinks = actions.Count > 0 ? [.. actions.Select(static part => part.Sink)] : [new LiveSinkOptions()],
            ErrorSink = errors?.Sink,
            Version = version,
            SqlOptions = options,
            Enabled = !disabled,
            Description = description,
            Start = start,
            Retry = retry,
        };
        var read = new ReadFlow(flow, section.Where, actions, errors);
        section.Problems.AddChecked("", read.Check());
        return actions.Count == 0 ? null : read;
    }
}
