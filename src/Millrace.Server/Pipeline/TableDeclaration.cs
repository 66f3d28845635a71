using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Flows.Options;

namespace Millrace.Server.Pipeline;

/// <summary>A time-series table as a pipeline file declares it. Tables that no file declares come with their first record.</summary>
public sealed record TableDeclaration(TableName Name)
{
    private static readonly TableOptions Defaults = new();

    /// <summary>In the order a query shows them.</summary>
    public ValueList<string> Dimensions { get; init; } = [];

    /// <summary>Measures whose type is not to be taken from the first record.</summary>
    public ValueList<MeasureDeclaration> Measures { get; init; } = [];

    /// <summary>Null: for ever.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>A row further ahead of the server's clock is rejected.</summary>
    public TimeSpan FutureLimit { get; init; } = Defaults.FutureLimit;

    public TableOptions ToOptions() => new()
    {
        Dimensions = Dimensions,
        Measures = Measures.ToDictionary(static m => m.Name, static m => m.Type),
        Retention = Retention,
        FutureLimit = FutureLimit,
    };

    public IEnumerable<Problem> Check()
    {
        if (Dimensions.GroupBy(static d => d).FirstOrDefault(static g => g.Count() > 1) is { } twice)
            yield return new("dimensions", $"'{twice.Key}' stands there twice");
        if (Measures.FirstOrDefault(m => Dimensions.Contains(m.Name)) is { } both)
            yield return new("measures", $"'{both.Name}' is a dimension already");
        if (Retention <= TimeSpan.Zero) yield return new("retention", "must be longer than nothing; leave it out to keep rows for ever");
        if (FutureLimit < TimeSpan.Zero) yield return new("futureLimit", "must not be negative");
    }
}
