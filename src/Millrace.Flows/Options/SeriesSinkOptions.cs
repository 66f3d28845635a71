using Millrace.Contracts;
using Millrace.Contracts.Tables;

namespace Millrace.Flows.Options;

/// <summary>Into time-series tables: each record becomes one point.</summary>
public sealed record SeriesSinkOptions : SinkOptions
{
    public override string Kind => "series";

    public override string Target => Table;

    public override string ActionName => "TimestreamAction";

    /// <summary><c>database.table</c>. A template: <c>wells.${site}</c> makes one table a site.</summary>
    public required string Table { get; init; }

    /// <summary>Fields that say what was measured, and name columns of the table. A record that lacks one has NULL there.</summary>
    public ValueList<string> Dimensions { get; init; } = [];

    public required MeasureOptions Measure { get; init; }

    /// <summary>Where the time of a point comes from; null: the arrival of its message.</summary>
    public TimeOptions? Time { get; init; }

    public override IEnumerable<Problem> Check()
    {
        var problems = new List<Problem>();
        if (!TableName.TryParse(Templates.Sample(Table, "table", problems), out _) && problems.Count == 0)
            problems.Add(new("table", "must be database.table, of letters, digits, _ and -"));
        CheckNames("dimensions", Dimensions, problems);
        if (Measure is MultiMeasure { Fields: { } fields })
        {
            CheckNames("measures", fields, problems);
            if (fields.FirstOrDefault(Dimensions.Contains) is { } both) problems.Add(new("measures", $"'{both}' is a dimension already"));
        }

        problems.AddRange(Measure.Check());
        if (Time is not null) problems.AddRange(Time.Check().Select(static p => p with { Where = $"time.{p.Where}" }));
        return problems;
    }

    private static void CheckNames(string where, ValueList<string> names, List<Problem> problems)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names)
        {
            if (name.Length is 0 or > PlainNames.MaxColumnLength)
                problems.Add(new(where, $"a column's name has 1 to {PlainNames.MaxColumnLength} characters"));
            else if (name is "time" or "measure_name" || name.StartsWith("measure_value", StringComparison.Ordinal))
                problems.Add(new(where, $"'{name}' is a column that every table has; rename the field in the SELECT, as {name} AS other"));
            else if (!seen.Add(name))
                problems.Add(new(where, $"'{name}' stands there twice (columns differ by more than upper and lower case)"));
        }
    }
}
