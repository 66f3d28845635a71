using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Pipeline;

/// <summary>The <c>window:</c> of a flow.</summary>
internal static class WindowReader
{
    /// <returns>Null where there is none.</returns>
    public static WindowOptions? Read(Section flow)
    {
        if (flow.Map("window") is not { } section) return null;
        var options = new WindowOptions { Time = ReadTime(section), Lateness = section.Duration("lateness"), Late = section.Text("late") };
        if (section.Duration("idle") is { } idle) options = options with { Idle = idle };
        if (section.Whole("maxGroups") is { } most) options = options with { MaxGroups = most };
        section.End();
        return options;
    }

    private static TimeOptions? ReadTime(Section section)
    {
        if (section.Map("time") is not { } time) return null;
        var options = new TimeOptions(time.Needed("field", "timestamp"));
        if (time.Choice("unit", SinkReader.Units) is { } unit) options = options with { Unit = unit };
        time.End();
        return options;
    }
}
