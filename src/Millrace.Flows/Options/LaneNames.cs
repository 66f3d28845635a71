namespace Millrace.Flows.Options;

/// <summary>What the destinations of a flow are called: <c>dtc-stop:series</c>, <c>dtc-stop:series2</c>, <c>dtc-stop:lake</c>.</summary>
public static class LaneNames
{
    /// <summary>No kind of destination has this name.</summary>
    private const string Errors = "error";

    /// <summary>One for each of the flow's sinks, in their order.</summary>
    public static IReadOnlyList<string> Of(FlowOptions flow)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var names = new List<string>(flow.Sinks.Count);
        foreach (var sink in flow.Sinks)
        {
            var count = seen[sink.Kind] = seen.GetValueOrDefault(sink.Kind) + 1;
            names.Add(count == 1 ? $"{flow.Name}:{sink.Kind}" : $"{flow.Name}:{sink.Kind}{count}");
        }

        return names;
    }

    /// <summary>The lane of a flow's error destination.</summary>
    public static string OfErrors(string flow) => $"{flow}:{Errors}";
}
