using Millrace.Flows.Windows;
using Millrace.Sql.Rules;

namespace Millrace.Flows.Options;

/// <summary>What the destinations of a flow are called: <c>dtc-stop:series</c>, <c>dtc-stop:series2</c>, <c>dtc-stop:lake</c>.</summary>
public static class LaneNames
{
    /// <summary>No kind of destination has this name.</summary>
    private const string Errors = "error";

    // No kind of destination has this name either.
    private const string Windows = ":windows";

    private const string Rows = ".rows";

    /// <summary>One for each of the flow's sinks, in their order; before them, where its statement groups, the one that fills the windows.</summary>
    public static IReadOnlyList<string> Of(FlowOptions flow)
    {
        if (RuleSql.IsGrouped(flow.Sql)) return [OfWindows(flow.Name), .. Of(WindowFlow.RowsOf(flow))];
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var names = new List<string>(flow.Sinks.Count);
        foreach (var sink in flow.Sinks)
        {
            var count = seen[sink.Kind] = seen.GetValueOrDefault(sink.Kind) + 1;
            names.Add(count == 1 ? $"{flow.Name}:{sink.Kind}" : $"{flow.Name}:{sink.Kind}{count}");
        }

        return names;
    }

    /// <summary>The lane that fills the windows of a flow.</summary>
    public static string OfWindows(string flow) => flow + Windows;

    /// <summary>What the destinations of a flow with windows are called by, which read its rows.</summary>
    public static string OfRows(string flow) => flow + Rows;

    /// <summary>The flow whose rows are carried under a name; null where it is another name.</summary>
    public static string? FlowOfRows(string name) => name.EndsWith(Rows, StringComparison.Ordinal) ? name[..^Rows.Length] : null;

    /// <summary>Whether a lane is a destination of the rows of windows. No flow's own name has a dot.</summary>
    public static bool IsOfRows(string lane) => lane.Contains(Rows + ":", StringComparison.Ordinal);

    /// <summary>The flow whose windows a lane fills; null where it fills none.</summary>
    public static string? FlowOfWindows(string lane) => lane.EndsWith(Windows, StringComparison.Ordinal) ? lane[..^Windows.Length] : null;

    /// <summary>With the error destination's, where there is one.</summary>
    public static IReadOnlyList<string> WithErrorsOf(FlowOptions flow) => flow switch
    {
        { ErrorSink: null } => Of(flow),
        _ when RuleSql.IsGrouped(flow.Sql) => [.. Of(flow), OfErrors(flow.Name), OfErrors(OfRows(flow.Name))],
        _ => [.. Of(flow), OfErrors(flow.Name)],
    };

    /// <summary>The lane of a flow's error destination.</summary>
    public static string OfErrors(string flow) => $"{flow}:{Errors}";

    /// <summary>The flow whose error destination a lane is; null for any other lane.</summary>
    public static string? FlowOfErrors(string lane) => lane.EndsWith($":{Errors}", StringComparison.Ordinal) ? lane[..^(Errors.Length + 1)] : null;
}
