using System.Text;
using Millrace.Contracts;
using Millrace.Flows.DeadLetters;
using Millrace.Flows.Errors;
using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;
using Millrace.Sql.Rules;

namespace Millrace.Server.Pipeline;

/// <summary>What one part of a file says about another: streams and collections exist, and no two flows write the same lake files.</summary>
internal static class References
{
    /// <summary>Each flow reads the whole log: more than this is a statement that should hold a template.</summary>
    public const int MostFlows = 1000;

    /// <summary>Logs that the server writes itself.</summary>
    private static readonly string[] OwnLogs = ["ingress", DeadLetterLog.LogName, RuleErrorLog.LogName, Writes.WriteLog.LogName];

    /// <summary>Whether a log is the server's own, which no pipeline declares or writes to.</summary>
    public static bool IsOwnLog(string name) => OwnLogs.Contains(name);

    /// <param name="file">All that there will be.</param>
    /// <param name="flows">Those to look at, with their places.</param>
    /// <param name="found">Gets what is wrong.</param>
    public static void Check(PipelineFile file, IReadOnlyList<ReadFlow> flows, ProblemList found)
    {
        var names = new Names(
            [.. file.Streams.Select(static s => s.Name)], file.Collections.ToDictionary(static c => c.Name, StringComparer.Ordinal), new(StringComparer.Ordinal));
        if (file.Flows.Count > MostFlows) found.AddChecked("", [new("flows.count", $"{file.Flows.Count} flows are too many; there may be {MostFlows}")]);
        foreach (var stream in file.Streams)
            if (IsOwnLog(stream.Name)) found.AddChecked("", [new($"streams.{Quote.Name(stream.Name)}", "is a log of the server's own; take another name")]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var other in file.Flows.Where(flow => flows.All(read => read.Options.Name != flow.Name))) AddLakes(other, names.Lakes);
        foreach (var flow in flows)
        {
            if (!seen.Add(flow.Options.Name)) found.AddChecked("", [new(flow.PlaceOf("name"), "a flow has that name already; a rule is a flow too")]);
            found.AddChecked("", Check(flow, names));
        }
    }

    private static IEnumerable<Problem> Check(ReadFlow flow, Names names)
    {
        if (flow.Options.Source is StreamSource { Name: { Length: > 0 } source } && !names.Streams.Contains(source))
            yield return new(flow.PlaceOf("from.stream"), NotDeclared("stream", source, "streams", names.Streams));
        if (flow.Options.Window?.Late is { Length: > 0 } late)
        {
            if (!names.Streams.Contains(late)) yield return new(flow.PlaceOf("window.late"), NotDeclared("stream", late, "streams", names.Streams));
            if (flow.Options.Source is StreamSource origin && origin.Name == late) yield return new(flow.PlaceOf("window.late"), "is the stream the flow reads: it would never end");
        }

        foreach (var part in flow.Errors is { } errors ? [.. flow.Sinks, errors] : flow.Sinks)
            foreach (var problem in Check(flow, part, names)) yield return problem;
    }

    private static IEnumerable<Problem> Check(ReadFlow flow, SinkPart part, Names names)
    {
        switch (part.Sink)
        {
            case StreamSinkOptions { Name: var stream }:
                if (IsConstant(stream) && !names.Streams.Contains(stream)) yield return new(part.PlaceOf("name"), NotDeclared("stream", stream, "streams", names.Streams));
                if (flow.Options.Source is StreamSource from && from.Name == stream) yield return new(part.PlaceOf("name"), "is the stream the flow reads: it would never end");
                break;
            case DocumentSinkOptions { Collection: var collection } when IsConstant(collection) && !names.Declared.ContainsKey(collection):
                yield return new(
                    part.PlaceOf("collection"),
                    $"{NotDeclared("collection", collection, "collections", names.Declared.Keys)}; collections: {{ {Quote.Name(collection)}: {{ key: vin }} }} in the pipeline file says which attribute is the key");
                break;
            case DocumentSinkOptions { Item: { } item, Collection: var of } when names.Declared.TryGetValue(of, out var declared):
                if (IsConstant(item.HashKeyField) && item.HashKeyField != declared.Key)
                    yield return new(part.PlaceOf("hashKeyField"), $"the collection {of} is declared with the key {Quote.Text(declared.Key)}");
                if ((item.RangeKeyField is null) != (declared.SortKey is null) || (item.RangeKeyField is { } range && IsConstant(range) && range != declared.SortKey))
                    yield return new(part.PlaceOf("rangeKeyField"), $"the collection {of} is declared with {(declared.SortKey is { } sort ? $"the sort key {Quote.Text(sort)}" : "no sort key")}");
                break;
            case LakeSinkOptions { Stream: var lake } when IsConstant(lake) && !names.Lakes.TryAdd(lake, flow.Options.Name):
                yield return new(part.PlaceOf("stream"), $"the flow {Quote.Name(names.Lakes[lake])} writes to {Quote.Text(lake)} already; give each its own");
                break;
            case RepublishSinkOptions republish when FeedsItself(flow.Options, republish):
                yield return new(part.PlaceOf("topic"), "is a topic of the rule's own FROM: each message would make the next, without end. Publish to another topic, or say in WHERE what is not to be published again");
                break;
        }
    }

    /// <summary>Certain of a topic that is the same for each message where nothing but FROM decides. A WHERE may end it.</summary>
    private static bool FeedsItself(FlowOptions flow, RepublishSinkOptions republish)
    {
        if (flow.Source is not IngressSource || !IsConstant(republish.Published)) return false;
        if (!RuleSql.TryCompile(flow.Sql, flow.SqlOptions with { Version = flow.Version, Lookups = CheckedLookups.Instance }, out var rule, out _)) return false;
        if (rule.HasCondition) return false;
        return republish.Published.StartsWith($"$aws/rules/{flow.Name}/", StringComparison.Ordinal) || rule.Filter.Matches(Encoding.UTF8.GetBytes(republish.Published));
    }

    private static void AddLakes(FlowOptions flow, Dictionary<string, string> lakes)
    {
        foreach (var sink in flow.Sinks.Append(flow.ErrorSink).OfType<LakeSinkOptions>()) lakes.TryAdd(sink.Stream, flow.Name);
    }

    private static bool IsConstant(string text) => text.Length > 0 && !text.Contains("${", StringComparison.Ordinal);

    private static string NotDeclared(string what, string name, string under, IReadOnlyCollection<string> known) =>
        $"the {what} {Quote.Text(name)} is not declared under {under}; {Quote.Meant(name, known)}";

    private sealed record Names(HashSet<string> Streams, Dictionary<string, CollectionOptions> Declared, Dictionary<string, string> Lakes);
}
