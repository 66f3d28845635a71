using System.Text.Json;
using Millrace.Contracts.Tables;
using Millrace.Storage.Series.Query.Buckets;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Writes aggregates over rows anew as aggregates over buckets.</summary>
/// <param name="mention">Where the rows are read.</param>
/// <param name="text">The statement.</param>
/// <param name="functions">DuckDB's.</param>
internal sealed class BucketAggregates(Mention mention, SourceText text, SqlFunctions functions)
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "count", "count_star", "sum", "avg", "mean", "min", "max", "max_by", "arg_max", "min_by", "arg_min",
    };

    private readonly List<BucketMeasure> _measures = [];

    public IReadOnlyList<BucketMeasure> Measures => _measures;

    public Splices Splices { get; } = new();

    /// <summary>What replaces the aggregates where each group is one bucket.</summary>
    public Splices Ungrouped { get; } = new();

    /// <summary>All of them can be told from one bucket.</summary>
    public bool AreOfOneRow { get; private set; } = true;

    public bool Any { get; private set; }

    /// <summary>Earliest and latest times are asked for.</summary>
    public bool Times { get; private set; }

    public static bool IsAggregate(JsonElement call) => Names.Contains(SyntaxTree.Text(call, "function_name")!.ToLowerInvariant());

    /// <summary>Whether an expression has an aggregate that is written anew.</summary>
    public static bool IsWithin(JsonElement expression) => SyntaxTree.Expressions(expression).Any(part => SyntaxTree.Class(part) == "FUNCTION" && IsAggregate(part));

    /// <returns>Whether it could be.</returns>
    public bool Take(JsonElement call)
    {
        Any = true;
        if (!SyntaxTree.IsCall(call, out var name, out var arguments) || functions.Macros.Contains(name) || SyntaxTree.Place(call) is not { } place) return false;
        if (!text.FindCall(place, name == "count_star" ? "count" : name, out var open, out var end)) return false;
        var anew = arguments.GetArrayLength() switch
        {
            0 when name == "count_star" => CountOf(BucketColumns.Rows),
            1 => One(name, arguments[0], text.Text(open + 1, end - 1)),
            2 => ByTime(name, arguments),
            _ => null,
        };
        if (anew is not { } found) return false;
        if (found.Grouped is not null) Splices.Replace(place, end, found.Grouped);
        if (found.OfOneRow is not null) Ungrouped.Replace(place, end, found.OfOneRow);
        else AreOfOneRow = false;
        return true;
    }

    private Anew? One(string name, JsonElement argument, string written)
    {
        if (mention.Column(argument) is { } column)
        {
            switch (column.Role)
            {
                case ColumnRole.Measure: return OfMeasure(name, column);
                case ColumnRole.Time: return OfTime(name);
                case ColumnRole.Nothing: return null;
            }
        }

        if (name == "count")
        {
            if (SyntaxTree.IsConstant(argument, out _, out _)) return CountOf(BucketColumns.Rows);
            if (Compared(argument) is { } compared) return CountOf(BucketColumns.Count(Measure(compared).Slot));
        }

        return IsOfSeries(argument) ? OfSeries(name, argument, written) : null;
    }

    private Anew? OfMeasure(string name, ShapeColumn column)
    {
        var isNumber = column.Type is MeasureType.Double or MeasureType.Bigint;
        var measure = Measure(column);
        var (count, sum) = (Quoted(BucketColumns.Count(measure.Slot)), Quoted(BucketColumns.Sum(measure.Slot)));
        switch (name)
        {
            case "count":
                return CountOf(BucketColumns.Count(measure.Slot));
            case "sum" when isNumber:
                measure.Sum = true;
                return new($"sum({sum})", sum);
            case "avg" or "mean" when isNumber:
                measure.Sum = true;
                return new($"(sum({sum})::DOUBLE / sum({count}))", $"({sum}::DOUBLE / {count})");
            case "min" or "max" when column.Type != MeasureType.Varchar:
                measure.Range = true;
                return Extreme(name, name == "min" ? BucketColumns.Least(measure.Slot) : BucketColumns.Most(measure.Slot));
            default:
                return null;
        }
    }

    private Anew? OfTime(string name)
    {
        if (name == "count") return CountOf(BucketColumns.Rows);
        if (name is not ("min" or "max")) return null;
        Times = true;
        return Extreme(name, name == "min" ? BucketColumns.Earliest : BucketColumns.Latest);
    }

    // A bucket stands for as many equal values as it has rows.
    private static Anew? OfSeries(string name, JsonElement argument, string written)
    {
        var rows = Quoted(BucketColumns.Rows);
        switch (name)
        {
            case "min" or "max":
                return new Anew(null, null);
            case "count":
                return new($"coalesce(sum({rows}) FILTER (WHERE ({written}) IS NOT NULL), 0)::BIGINT", null);
            case "avg" or "mean" when SyntaxTree.IsCast(argument, out var type, out _) && type is "DOUBLE" or "INTEGER" or "BIGINT":
                return new($"(sum(({written})::DOUBLE * {rows}) / sum({rows}) FILTER (WHERE ({written}) IS NOT NULL))", null);
            default:
                return null;
        }
    }

    private Anew? ByTime(string name, JsonElement arguments)
    {
        if (mention.Column(arguments[0]) is not { Role: ColumnRole.Measure } column || column.Type == MeasureType.Varchar) return null;
        if (mention.Column(arguments[1]) is not { Role: ColumnRole.Time }) return null;
        var measure = Measure(column);
        measure.Ends = true;
        return name switch
        {
            "max_by" or "arg_max" => new($"{name}({Quoted(BucketColumns.Last(measure.Slot))}, {Quoted(BucketColumns.LastTime(measure.Slot))})", Quoted(BucketColumns.Last(measure.Slot))),
            "min_by" or "arg_min" => new($"{name}({Quoted(BucketColumns.First(measure.Slot))}, {Quoted(BucketColumns.FirstTime(measure.Slot))})", Quoted(BucketColumns.First(measure.Slot))),
            _ => null,
        };
    }

    // A comparison with a constant is null exactly where the measure is.
    private ShapeColumn? Compared(JsonElement argument)
    {
        if (SyntaxTree.Class(argument) != "COMPARISON" || SyntaxTree.Kind(argument) is "COMPARE_DISTINCT_FROM" or "COMPARE_NOT_DISTINCT_FROM") return null;
        return mention.Column(argument.GetProperty("left")) is { Role: ColumnRole.Measure } column && MeasureConstant.Bits(argument.GetProperty("right"), column.Type) is not null
            ? column : null;
    }

    private bool IsOfSeries(JsonElement argument) => SyntaxTree.Expressions(argument).All(part => SyntaxTree.Class(part) switch
    {
        "COLUMN_REF" => mention.Column(part) is { IsOfSeries: true },
        "FUNCTION" => SyntaxTree.IsCall(part, out var name, out _) && functions.IsScalar(name),
        "CONSTANT" or "COMPARISON" or "CONJUNCTION" or "OPERATOR" or "BETWEEN" or "CASE" or "CAST" => true,
        _ => false,
    });

    private BucketMeasure Measure(ShapeColumn column)
    {
        if (_measures.Find(known => known.Slot == column.At) is { } there) return there;
        var measure = new BucketMeasure(column.At, column.Type);
        _measures.Add(measure);
        return measure;
    }

    private static Anew CountOf(string column) => new($"coalesce(sum({Quoted(column)}), 0)::BIGINT", Quoted(column));

    private static Anew Extreme(string name, string column) => new($"{name}({Quoted(column)})", Quoted(column));

    private static string Quoted(string name) => SeriesSql.Quote(name);

    /// <summary>What an aggregate is written as.</summary>
    /// <param name="Grouped">Null: as before.</param>
    /// <param name="OfOneRow">Where its group is one bucket; null: not possible.</param>
    private readonly record struct Anew(string? Grouped, string? OfOneRow);
}
