using System.Text.Json;
using Millrace.Storage.Series.Query.Buckets;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Finds out whether a SELECT over one table can be answered from buckets, and writes its aggregates anew over these.</summary>
/// <remarks>
/// It can where, outside of aggregates, it names nothing but dimensions, the measure's name, and times in steps; and where its aggregates are of kinds that can
/// be put together from parts. The rest of the statement stays as it is written: a bucket carries the time and the tested values of a row that it was made
/// of, so that WHERE and the expressions of time see what they would have seen in any of its rows. Anything that is not certain is left alone.
/// </remarks>
internal sealed class BucketPlanner
{
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal) { "CONSTANT", "COMPARISON", "CONJUNCTION", "OPERATOR", "BETWEEN", "CASE", "CAST", "WINDOW" };

    private readonly Mention _mention;
    private readonly JsonElement _select;
    private readonly SourceText _text;
    private readonly ConstantTime _constants;
    private readonly BucketSteps _steps;
    private readonly SqlFunctions _functions;
    private readonly BucketAggregates _aggregates;
    private readonly List<MeasureTest> _tests = [];
    private readonly List<ShapeColumn> _tested = [];
    private readonly HashSet<string> _aliases = new(StringComparer.OrdinalIgnoreCase);

    private BucketPlanner(Mention mention, JsonElement select, SourceText text, ConstantTime constants, SqlFunctions functions)
    {
        _mention = mention;
        _select = select;
        _text = text;
        _constants = constants;
        _steps = new BucketSteps(mention);
        _functions = functions;
        _aggregates = new BucketAggregates(mention, text, functions);
    }

    /// <param name="mention">Where it reads the table.</param>
    /// <param name="text">The statement.</param>
    /// <param name="constants">Of this run.</param>
    /// <param name="functions">DuckDB's.</param>
    /// <param name="outermost">The SELECT is the statement's own: how its columns are called can be seen to elsewhere.</param>
    /// <returns>Null where it cannot be done.</returns>
    public static BucketPlan? Plan(Mention mention, SourceText text, ConstantTime constants, SqlFunctions functions, bool outermost)
    {
        if (mention.Select is not { } select || mention.Untouched || mention.Latest) return null;
        if (mention.Shape.Columns.Any(static column => column.Name.StartsWith('~'))) return null;
        return new BucketPlanner(mention, select, text, constants, functions).Plan(outermost);
    }

    private BucketPlan? Plan(bool outermost)
    {
        if (SyntaxTree.Has(_select, "sample") || !TakeAliases()) return null;
        var range = TimeRange.All;
        if (SyntaxTree.Has(_select, "where_clause", out var where) && !Where(where, ref range)) return null;
        foreach (var part in (ReadOnlySpan<string>)["select_list", "group_expressions", "having", "qualify", "modifiers"])
            if (_select.TryGetProperty(part, out var expressions) && !Take(expressions)) return null;

        var grouped = _aggregates.Any || SyntaxTree.Has(_select, "group_expressions") || SyntaxTree.Text(_select, "aggregate_handling") == "FORCE_AGGREGATES";
        var renames = SyntaxTree.Each(_select, "select_list").Any(item => SyntaxTree.Text(item, "alias") is null or "" && BucketAggregates.IsWithin(item));
        if (!grouped || (renames && !outermost)) return null;
        var keys = _aggregates.AreOfOneRow ? GroupKeys.Of(_mention, _select, _steps.WidthNs, _steps.OriginNs) : null;
        if (keys is not null) TakeSteps();
        return new BucketPlan
        {
            Keys = keys,
            Ungrouped = _aggregates.Ungrouped,
            Spec = new BucketSpec
            {
                WidthNs = _steps.WidthNs,
                OriginNs = _steps.OriginNs,
                Measures = _aggregates.Measures,
                Tests = _tests,
                Times = _aggregates.Times,
            },
            Range = range,
            Tested = _tested,
            Splices = _aggregates.Splices,
            Renames = renames,
        };
    }

    // An alias that is also a column, and not that column itself, means one or the other depending on where it stands.
    private bool TakeAliases()
    {
        foreach (var item in SyntaxTree.Each(_select, "select_list"))
        {
            if (SyntaxTree.Text(item, "alias") is not { Length: > 0 } alias) continue;
            if (_mention.Shape.Find(alias) is { } column && _mention.Column(item) != column) return false;
            _aliases.Add(alias);
        }

        return true;
    }

    // A bucket knows where it begins; only where a column has a name of its own, or it would be called by its text.
    private void TakeSteps()
    {
        var calls = SyntaxTree.Each(_select, "select_list").Where(static item => SyntaxTree.Text(item, "alias") is { Length: > 0 }).SelectMany(SyntaxTree.Expressions);
        foreach (var call in calls)
        {
            if (!SyntaxTree.IsCall(call, out var name, out _) || name is not ("time_bucket" or "bin") || SyntaxTree.Place(call) is not { } place) continue;
            var steps = new BucketSteps(_mention);
            if (!steps.Take(call) || steps.WidthNs != _steps.WidthNs || (steps.OriginNs - _steps.OriginNs) % steps.WidthNs != 0) continue;
            if (_text.FindCall(place, name, out _, out var end)) _aggregates.Ungrouped.Replace(place, end, SeriesSql.Quote(BucketColumns.Step));
        }
    }

    private bool Where(JsonElement where, ref TimeRange range)
    {
        var bounds = new TimeBounds(_mention, _constants);
        var conditions = new List<JsonElement>();
        SyntaxTree.Conjuncts(where, conditions);
        foreach (var condition in conditions)
        {
            var times = bounds.Of(condition, out var exact);
            if (exact) range = range.And(times);
            else if (MeasureConditions.Of(condition, _mention) is { } test) Add(test.Test, test.Column);
            else if (!IsOfSeries(condition)) return false;
        }

        return true;
    }

    private void Add(MeasureTest test, ShapeColumn column)
    {
        _tests.Add(test);
        _tested.Add(column);
    }

    private bool IsOfSeries(JsonElement condition)
    {
        foreach (var part in SyntaxTree.Expressions(condition))
        {
            switch (SyntaxTree.Class(part))
            {
                case "COLUMN_REF" when _mention.Column(part) is { IsOfSeries: true }:
                case "FUNCTION" when IsScalar(part):
                case "CONSTANT" or "COMPARISON" or "CONJUNCTION" or "OPERATOR" or "BETWEEN" or "CASE" or "CAST":
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private bool IsScalar(JsonElement call) => SyntaxTree.IsCall(call, out var name, out _) && _functions.IsScalar(name);

    private bool Take(JsonElement node)
    {
        if (node.ValueKind == JsonValueKind.Array) return node.EnumerateArray().All(Take);
        if (node.ValueKind != JsonValueKind.Object) return true;
        switch (SyntaxTree.Class(node))
        {
            case "COLUMN_REF":
                return _mention.Column(node) is { } column
                    ? column.IsOfSeries
                    : node.GetProperty("column_names") is var names && names.GetArrayLength() == 1 && _aliases.Contains(names[0].GetString()!);
            case "FUNCTION":
                if (BucketAggregates.IsAggregate(node)) return _aggregates.Take(node);
                return _steps.Take(node) || (IsScalar(node) && Take(node.GetProperty("children")));
            case "CAST" when _steps.Take(node):
                return true;
            case { } kind when !Harmless.Contains(kind):
                return false;
        }

        foreach (var property in node.EnumerateObject())
            if (property.Name is not ("value" or "cast_type") && !Take(property.Value)) return false;
        return true;
    }
}
