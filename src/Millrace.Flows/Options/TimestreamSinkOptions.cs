using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Sql.Payload;

namespace Millrace.Flows.Options;

/// <summary>Into time-series tables as AWS's Timestream action writes: one point for each attribute of a record, named and typed by it.</summary>
public sealed record TimestreamSinkOptions : SinkOptions
{
    /// <summary>Elements of an array that become records of their own.</summary>
    public const int MostInBatch = 100;

    private const int MostDimensions = 128;

    public override string Kind => "timestream";

    public override string Target => Table;

    public override string ActionName => "TimestreamAction";

    /// <summary><c>database.table</c>; a template.</summary>
    public required string Table { get; init; }

    public ValueList<TimestreamDimension> Dimensions { get; init; } = [];

    /// <summary>A template that gives a number since 1970; null: the arrival of the message.</summary>
    public string? Time { get; init; }

    public TimeUnit Unit { get; init; } = TimeUnit.Milliseconds;

    /// <summary>Whether each element of an array is a record of its own.</summary>
    public bool Batch { get; init; }

    public override IEnumerable<Problem> Check()
    {
        var problems = new List<Problem>();
        if (!TableName.TryParse(Templates.Sample(Table, "table", problems), out _) && problems.Count == 0)
            problems.Add(new("table", "database and table have names of letters, digits, _ and -"));
        if (Dimensions.Count is 0 or > MostDimensions) problems.Add(new("dimensions", $"must hold 1 to {MostDimensions} dimensions, each with name and value"));
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < Dimensions.Count; i++)
        {
            var (name, value) = Dimensions[i];
            if (Wrong(name) is { } wrong) problems.Add(new($"dimensions[{i}].name", wrong));
            else if (!seen.Add(name)) problems.Add(new($"dimensions[{i}].name", $"'{name}' stands there twice"));
            Templates.Sample(value, $"dimensions[{i}].value", problems);
        }

        if (Time is not null) Templates.Sample(Time, "time", problems);
        return problems;
    }

    private static string? Wrong(string name) => name switch
    {
        { Length: 0 or > PlainNames.MaxColumnLength } => $"a dimension's name has 1 to {PlainNames.MaxColumnLength} characters",
        "measure_name" or "time" => $"'{name}' is a column that every table has; take another name",
        _ when name.StartsWith("measure_value", StringComparison.Ordinal) || name.StartsWith("ts_", StringComparison.Ordinal) => "must not begin with measure_value or ts_, as in Timestream",
        _ when name.Contains(':', StringComparison.Ordinal) => "must not hold a colon, as in Timestream",
        _ => null,
    };
}
