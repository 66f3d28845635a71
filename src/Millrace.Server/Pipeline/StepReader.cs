using Millrace.Flows.Options;
using Millrace.Server.Pipeline.Yaml;

namespace Millrace.Server.Pipeline;

/// <summary>The steps of a flow.</summary>
internal static class StepReader
{
    /// <summary>Every step there is, by the name a pipeline file uses.</summary>
    private static readonly Dictionary<string, Func<Section, StepOptions>> Steps = new()
    {
        ["correct-time"] = CorrectTime,
        ["split-measures"] = SplitMeasures,
        ["enrich"] = EnrichReader.Read,
    };

    public static ValueList<StepOptions> Read(Section flow)
    {
        if (flow.Items("steps") is not { } items) return [];
        var steps = new List<StepOptions>();
        for (var i = 0; i < items.Count; i++)
        {
            if (Section.Open($"{flow.Where}.steps[{i}]", items[i], flow.Problems)?.Only(Steps.Keys) is not var (key, section)) continue;
            steps.Add(Steps[key.Text](section));
            section.End();
        }

        return [.. steps];
    }

    private static CorrectTimeOptions CorrectTime(Section section)
    {
        var step = new CorrectTimeOptions { Field = section.Needed("field", "timestamp") };
        if (section.Choice("unit", SinkReader.Units) is { } unit) step = step with { Unit = unit };
        if (section.Duration("ahead") is { } ahead) step = step with { Ahead = ahead };
        return step;
    }

    private static SplitMeasuresOptions SplitMeasures(Section section)
    {
        var step = new SplitMeasuresOptions();
        if (section.Text("suffix") is { } suffix) step = step with { Suffix = suffix };
        if (section.Text("name") is { } name) step = step with { Name = name };
        if (section.Text("value") is { } value) step = step with { Value = value };
        return step;
    }
}
