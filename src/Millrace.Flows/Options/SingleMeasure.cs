using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>One value a point, in <c>measure_value::double</c> and its sisters.</summary>
/// <param name="Name">The field that holds the measure's name.</param>
/// <param name="Value">The field that holds its value.</param>
public sealed record SingleMeasure(string Name, string Value) : MeasureOptions
{
    public override IEnumerable<Problem> Check()
    {
        if (Name.Length == 0) yield return new("measure.name", "must name the field that holds the measure's name");
        if (Value.Length == 0) yield return new("measure.value", "must name the field that holds the measure's value");
    }
}
