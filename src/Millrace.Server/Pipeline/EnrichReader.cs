using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Pipeline;

/// <summary>An <c>enrich:</c> step.</summary>
internal static class EnrichReader
{
    private static readonly string[] Sources = ["table", "registry", "shadow", "collection"];
    private static readonly Dictionary<string, bool> Missing = new() { ["pass"] = false, ["refuse"] = true };
    private static readonly Dictionary<string, bool> Thing = new() { ["thing"] = true };

    public static StepOptions Read(Section section)
    {
        var source = ReadSource(section);
        var step = new EnrichOptions
        {
            // Something stands in for what could not be read, so that the rest of the step is checked all the same.
            From = source ?? new EnrichRegistry(),
            With = section.Needed("with", "vin"),
            Fields = section.Names("fields"),
            Into = section.Text("into"),
        };
        if (section.Choice("missing", Missing) is { } refuse) step = step with { RefuseMissing = refuse };
        return step;
    }

    private static EnrichSource? ReadSource(Section step)
    {
        if (step.Map("from") is not { } from)
        {
            if (!step.Has("from")) step.Problems.Add($"{step.Where}.from", "is missing; for example from: { table: cars.csv, key: vin }", step.Node);
            return null;
        }

        var source = Source(from);
        if (source is null) from.Problems.Add(from.Where, $"must hold one of {string.Join(", ", Sources)}", from.Node);
        else from.End();
        return source;
    }

    private static EnrichSource? Source(Section from)
    {
        if (from.Has("table")) return new EnrichTable(from.Needed("table", "cars.csv"), from.Needed("key", "vin"));
        if (from.Has("registry"))
        {
            from.Choice("registry", Thing);
            return new EnrichRegistry();
        }

        if (from.Has("shadow"))
        {
            from.Choice("shadow", Thing);
            return new EnrichShadow(from.Text("name"));
        }

        return from.Has("collection") ? new EnrichCollection(from.Needed("collection", "drivers")) : null;
    }
}
