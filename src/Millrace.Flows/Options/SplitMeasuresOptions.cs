using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>
/// Makes one record of each field whose name ends in a suffix: <c>{"id":1,"watt_measure":7}</c> becomes
/// <c>{"id":1,"measure_name":"watt_measure","measure_value":7}</c>. The other fields go into each.
/// </summary>
public sealed record SplitMeasuresOptions : StepOptions
{
    public override string Kind => "split-measures";

    /// <summary>Ends the name of a field that is a measure. The measure keeps the whole name, as in article 002's code, so that its dashboards go on.</summary>
    public string Suffix { get; init; } = "_measure";

    /// <summary>The new field that holds the measure's name.</summary>
    public string Name { get; init; } = "measure_name";

    /// <summary>The new field that holds the measure's value.</summary>
    public string Value { get; init; } = "measure_value";

    public override IEnumerable<Problem> Check()
    {
        if (Suffix.Length == 0) yield return new("suffix", "must not be empty: every field would be a measure");
        if (Name.Length == 0) yield return new("name", "must name a field");
        if (Value.Length == 0) yield return new("value", "must name a field");
        if (Name == Value) yield return new("value", "must be another field than name");
    }
}
