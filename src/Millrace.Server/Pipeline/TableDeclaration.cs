using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Flows.Options;

namespace Millrace.Server.Pipeline;

/// <summary>A time-series table as a pipeline file declares it. What it does not name is as it was said at run time, or the default.</summary>
public sealed record TableDeclaration(TableName Name)
{
    /// <summary>In the order a query shows them.</summary>
    public ValueList<string> Dimensions { get; init; } = [];

    /// <summary>Measures whose type is not to be taken from the first record.</summary>
    public ValueList<MeasureDeclaration> Measures { get; init; } = [];

    /// <inheritdoc cref="TableOptions.Retention"/>
    public TimeSpan? Retention { get; init; }

    /// <inheritdoc cref="TableOptions.MemoryRetention"/>
    public TimeSpan? MemoryRetention { get; init; }

    /// <inheritdoc cref="TableOptions.MagneticWrites"/>
    public bool? MagneticWrites { get; init; }

    /// <inheritdoc cref="TableOptions.FutureLimit"/>
    public TimeSpan? FutureLimit { get; init; }

    /// <inheritdoc cref="TableOptions.OnFuture"/>
    public FutureRule? OnFuture { get; init; }

    /// <summary>Options with what is declared here in the place of what they say.</summary>
    public TableOptions Over(TableOptions options) => new()
    {
        Dimensions = [.. Dimensions.Union(options.Dimensions)],
        Measures = options.Measures.Where(one => Measures.All(measure => measure.Name != one.Key))
            .Concat(Measures.Select(static measure => KeyValuePair.Create(measure.Name, measure.Type)))
            .ToDictionary(),
        Retention = Retention ?? options.Retention,
        MemoryRetention = MemoryRetention ?? options.MemoryRetention,
        MagneticWrites = MagneticWrites ?? options.MagneticWrites,
        FutureLimit = FutureLimit ?? options.FutureLimit,
        OnFuture = OnFuture ?? options.OnFuture,
    };

    /// <summary>Options that are declared, by their keys in the file.</summary>
    public IEnumerable<string> Named()
    {
        if (MemoryRetention is not null) yield return "memoryRetention";
        if (Retention is not null) yield return "retention";
        if (MagneticWrites is not null) yield return "magneticWrites";
        if (FutureLimit is not null) yield return "futureLimit";
        if (OnFuture is not null) yield return "onFuture";
    }

    public IEnumerable<Problem> Check()
    {
        if (Dimensions.GroupBy(static d => d).FirstOrDefault(static g => g.Count() > 1) is { } twice)
            yield return new("dimensions", $"'{twice.Key}' stands there twice");
        if (Measures.FirstOrDefault(m => Dimensions.Contains(m.Name)) is { } both)
            yield return new("measures", $"'{both.Name}' is a dimension already");
        if (Retention <= TimeSpan.Zero) yield return new("retention", "must be longer than nothing; leave it out to keep rows for ever");
        if (MemoryRetention <= TimeSpan.Zero) yield return new("memoryRetention", "must be longer than nothing");
        if (FutureLimit < TimeSpan.Zero) yield return new("futureLimit", "must not be negative");
    }
}
