using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Server.Pipeline.Yaml;
using Millrace.Server.Writes;

namespace Millrace.Server.Tables;

/// <summary>What is said about a table at run time, as it is asked for and as it is kept. What is null is not said.</summary>
public sealed record TableChange
{
    /// <summary>Where a span of time stands: rows are kept for ever.</summary>
    public const string Forever = "forever";

    private static readonly Dictionary<string, FutureRule> FutureRules = new(StringComparer.Ordinal) { ["reject"] = FutureRule.Reject, ["arrivalTime"] = FutureRule.ArrivalTime };

    /// <summary>Columns to make, in the order a query shows them. They only ever become more.</summary>
    public IReadOnlyList<string>? Dimensions { get; init; }

    /// <summary>Types that are not to be taken from the first record, by measure.</summary>
    public IReadOnlyDictionary<string, string>? Measures { get; init; }

    /// <summary>As <c>6h</c>.</summary>
    public string? MemoryRetention { get; init; }

    /// <summary>As <c>30d</c>, or <c>forever</c>.</summary>
    public string? Retention { get; init; }

    public bool? MagneticWrites { get; init; }

    /// <summary>As <c>15m</c>.</summary>
    public string? FutureLimit { get; init; }

    /// <summary><c>reject</c> or <c>arrivalTime</c>.</summary>
    public string? OnFuture { get; init; }

    /// <summary>Every mistake.</summary>
    public IEnumerable<Problem> Check()
    {
        foreach (var (name, type) in Measures ?? new Dictionary<string, string>())
            if (!MeasureTypes.TryParse(type, out _)) yield return new($"measures.{Quote.Name(name)}", $"must be one of {string.Join(", ", MeasureTypes.Names)}, not {Quote.Text(type)}");
        if (Dimensions?.GroupBy(static name => name).FirstOrDefault(static same => same.Count() > 1) is { } twice) yield return new("dimensions", $"{Quote.Text(twice.Key)} stands there twice");
        if (Measures?.Keys.FirstOrDefault(name => Dimensions?.Contains(name) == true) is { } both) yield return new("measures", $"{Quote.Text(both)} is a dimension already");
        if (MemoryRetention is not null && !(Durations.TryParse(MemoryRetention, out var memory) && memory > TimeSpan.Zero)) yield return new("memoryRetention", Durations.Rule);
        if (Retention is not null && !(Retention == Forever || (Durations.TryParse(Retention, out var kept) && kept > TimeSpan.Zero))) yield return new("retention", $"{Durations.Rule}, or {Forever}");
        if (FutureLimit is not null && !Durations.TryParse(FutureLimit, out _)) yield return new("futureLimit", Durations.Rule);
        if (OnFuture is not null && !FutureRules.ContainsKey(OnFuture)) yield return new("onFuture", "must be reject or arrivalTime");
    }

    /// <summary>Options with what is said here in the place of what they say.</summary>
    /// <param name="options">Stay as they are.</param>
    public TableOptions Over(TableOptions options) => new()
    {
        Dimensions = [.. options.Dimensions.Union(Dimensions ?? [])],
        Measures = options.Measures.Where(one => Measures?.ContainsKey(one.Key) != true)
            .Concat((Measures ?? new Dictionary<string, string>()).Select(static one => KeyValuePair.Create(one.Key, TypeOf(one.Value))))
            .ToDictionary(),
        MemoryRetention = Span(MemoryRetention) ?? options.MemoryRetention,
        Retention = Retention switch { null => options.Retention, Forever => null, _ => Span(Retention) },
        MagneticWrites = MagneticWrites ?? options.MagneticWrites,
        FutureLimit = Span(FutureLimit) ?? options.FutureLimit,
        OnFuture = OnFuture is null ? options.OnFuture : FutureRules[OnFuture],
    };

    /// <summary>What was said before, and what is said now over it.</summary>
    public TableChange After(TableChange? before) => before is null ? this : new TableChange
    {
        Dimensions = Dimensions is null ? before.Dimensions : [.. (before.Dimensions ?? []).Union(Dimensions)],
        Measures = Measures is null ? before.Measures : (before.Measures ?? new Dictionary<string, string>()).Where(one => !Measures.ContainsKey(one.Key)).Concat(Measures).ToDictionary(),
        MemoryRetention = MemoryRetention ?? before.MemoryRetention,
        Retention = Retention ?? before.Retention,
        MagneticWrites = MagneticWrites ?? before.MagneticWrites,
        FutureLimit = FutureLimit ?? before.FutureLimit,
        OnFuture = OnFuture ?? before.OnFuture,
    };

    /// <summary>Options that the change names, as a pipeline file calls them.</summary>
    public IEnumerable<string> Named()
    {
        if (MemoryRetention is not null) yield return "memoryRetention";
        if (Retention is not null) yield return "retention";
        if (MagneticWrites is not null) yield return "magneticWrites";
        if (FutureLimit is not null) yield return "futureLimit";
        if (OnFuture is not null) yield return "onFuture";
    }

    internal static string TextOf(FutureRule rule) => FutureRules.First(one => one.Value == rule).Key;

    internal static IReadOnlyDictionary<string, FutureRule> Rules => FutureRules;

    private static TimeSpan? Span(string? text) => text is not null && Durations.TryParse(text, out var span) ? span : null;

    private static MeasureType TypeOf(string name) => MeasureTypes.TryParse(name, out var type) ? type : default;
}
