using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Pipeline;

/// <summary>What one part of a file says about another: streams exist, and no two flows write the same lake files.</summary>
internal static class References
{
    /// <summary>Each flow reads the whole log: more than this is a statement that should hold a template.</summary>
    private const int MostFlows = 1000;

    public static void Check(PipelineFile file, Section root)
    {
        var streams = file.Streams.Select(static s => s.Name).ToHashSet();
        var lakes = new Dictionary<string, string>();
        if (file.Flows.Count > MostFlows) Add(root, "flows.count", $"{file.Flows.Count} flows are too many; a file may hold {MostFlows}");
        foreach (var flow in file.Flows)
        {
            var where = $"flows.{Quote.Name(flow.Name)}";
            if (flow.Source is StreamSource { Name: var source } && source.Length > 0 && !streams.Contains(source))
                Add(root, $"{where}.from.stream", $"the stream {Quote.Text(source)} is not declared under streams; {Quote.Meant(source, streams)}");
            for (var i = 0; i < flow.Sinks.Count; i++) Check(flow, flow.Sinks[i], flow.Sinks.Count == 1 ? $"{where}.to" : $"{where}.to[{i}]");
            if (flow.ErrorSink is { } errors) Check(flow, errors, $"{where}.onError");
        }

        void Check(FlowOptions flow, SinkOptions sink, string where)
        {
            if (sink is StreamSinkOptions { Name: var stream } && stream.Length > 0 && !streams.Contains(stream))
                Add(root, $"{where}.stream.name", $"the stream {Quote.Text(stream)} is not declared under streams; {Quote.Meant(stream, streams)}");
            if (sink is StreamSinkOptions to && flow.Source is StreamSource from && from.Name == to.Name)
                Add(root, $"{where}.stream.name", "is the stream the flow reads: it would never end");
            if (sink is LakeSinkOptions { Stream: var lake } && lake.Length > 0 && !lakes.TryAdd(lake, flow.Name))
                Add(root, $"{where}.lake.stream", $"the flow {Quote.Name(lakes[lake])} writes to {Quote.Text(lake)} already; give each its own");
        }
    }

    private static void Add(Section root, string where, string what)
    {
        var dot = where.LastIndexOf('.');
        root.Problems.AddChecked(where[..dot], [new(where[(dot + 1)..], what)]);
    }
}
