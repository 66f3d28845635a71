using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>Several values a point, each a column of its own.</summary>
/// <param name="MeasureName">The <c>measure_name</c> of every point.</param>
/// <param name="Fields">The fields that are measures; null: all that are neither dimension nor time.</param>
public sealed record MultiMeasure(string MeasureName, ValueList<string>? Fields = null) : MeasureOptions
{
    public override IEnumerable<Problem> Check()
    {
        if (MeasureName.Length is 0 or > PlainNames.MaxColumnLength)
            yield return new("measureName", $"must have 1 to {PlainNames.MaxColumnLength} characters");
        if (Fields is { Count: 0 }) yield return new("measures", "names no field; write all for every one that is neither dimension nor time");
    }
}
