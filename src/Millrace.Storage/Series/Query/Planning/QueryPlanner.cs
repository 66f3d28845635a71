using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Millrace.Contracts.Tables;
using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Query.Buckets;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>Makes of a statement one that reads no more of its tables than it needs. Any thread.</summary>
/// <param name="tables">The store's.</param>
internal sealed class QueryPlanner(SeriesTables tables)
{
    /// <summary>Behind a table's name: only the newest row of each series.</summary>
    public const string LatestSuffix = "$latest";

    private readonly ConditionalWeakTable<SeriesTable, TableShape> _shapes = [];
    private volatile SqlFunctions? _functions;

    /// <param name="tree">Of the statement: the guard let it pass.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="scope">What the statement will read.</param>
    /// <param name="connection">In the transaction in which the statement will run.</param>
    /// <returns>Null where there is nothing to make better.</returns>
    public QueryPlan? Plan(JsonElement tree, string sql, ScanScope scope, Connection connection)
    {
        var mentions = MentionFinder.Find(tree, FindTable);
        if (mentions.Count == 0) return null;
        var functions = _functions ??= new SqlFunctions(connection);
        var constants = new ConstantTime(() => NowUs(connection));
        var text = new SourceText(sql);
        var splices = new Splices();
        var notes = new List<string>();
        TupleKeys? numbers = null;
        var outermost = tree.GetProperty("statements")[0].GetProperty("node");
        while (SyntaxTree.Kind(outermost) == "SET_OPERATION_NODE") outermost = outermost.GetProperty("left");

        // A column without a name of its own is called by its text: so is one that has a subquery in it.
        var renames = SyntaxTree.Each(outermost, "select_list").Any(static item =>
            SyntaxTree.Text(item, "alias") is null or "" && SyntaxTree.Expressions(item).Any(static part => SyntaxTree.Class(part) == "SUBQUERY"));
        foreach (var mention in mentions)
        {
            var at = SyntaxTree.Place(mention.Node) ?? -1;
            var end = at < 0 ? -1 : text.EndOfTable(at, SyntaxTree.Text(mention.Node, "schema_name")!, SyntaxTree.Text(mention.Node, "table_name")!);
            if (mention.Latest && end < 0)
                throw new PlacedException(QueryError.Syntax, $"The newest rows of a table are named without spaces: {SeriesSql.ViewName(new TableName(mention.Shape.Table.Name.Database, mention.Shape.Table.Name.Table + LatestSuffix))}.", at < 0 ? null : at);
            if (end < 0 || (!mention.Latest && (mention.Untouched || NamedInFull(tree, mention)))) continue;
            var snapshot = scope.Snapshot(mention.Shape.Table);
            var series = SeriesFilter.Of(mention.Shape.Table, snapshot.SeriesCount, [.. mention.Conditions.Select(condition => SeriesPredicate.Of(condition, mention)).OfType<SeriesPredicate>()]);
            var isOutermost = mention.Select is { } select && select.Equals(outermost);
            var buckets = BucketPlanner.Plan(mention, text, constants, functions, isOutermost);
            var range = buckets?.Range ?? RangeOf(mention, constants);
            MeasureTest[] tests = buckets is null ? [.. mention.Conditions.Select(condition => MeasureConditions.Of(condition, mention)?.Test).OfType<MeasureTest>()] : [];
            var cells = buckets?.Keys is { } keys ? BucketCells.Of(snapshot, RangeOf(series, range), buckets.Spec, keys.Dimensions, keys.Conditions) : null;
            var clauses = cells is null ? null : SelectClauses.Find(text.Bytes, end);
            if (clauses is null) cells = null;
            IRowSource? source = mention.Latest ? new LatestRows(scope, mention.Shape, snapshot, series)
                : buckets is not null ? new BucketSource(scope, mention.Shape, snapshot, RangeOf(series, range), buckets, cells)
                : series is not null || !range.IsAll || tests.Length > 0 ? new NarrowedRows(scope, mention.Shape, snapshot, RangeOf(series, range), tests)
                : null;
            var numbered = cells is null || sql.Contains(BucketColumns.Tuple, StringComparison.Ordinal) ? null : (numbers ??= new TupleKeys(tree, text, functions, outermost)).Of(mention, buckets!.Keys!.Dimensions);
            notes.Add(NoteOf(mention, snapshot, series, range, buckets, cells is not null) + (numbered is null ? "" : ", a number for its dimensions"));
            if (source is null) continue;
            var alias = SyntaxTree.Text(mention.Node, "alias") is { Length: > 0 } ? "" : $" AS {SeriesSql.Quote(mention.Alias)}";
            splices.Replace(at, end, string.Create(CultureInfo.InvariantCulture, $"{RowFunction.Name}({scope.Register(source)}){alias}"));
            if (buckets is null) continue;
            splices.Add(clauses is null ? buckets.Splices : buckets.Ungrouped);
            clauses?.Ungroup(splices);
            if (numbered is not null) splices.Add(numbered);
            renames |= buckets.Renames || (numbered is not null && numbers!.Renames);
        }

        return new QueryPlan { Sql = splices.Apply(text.Bytes), Splices = splices, IsNeeded = mentions.Any(static mention => mention.Latest), Renames = renames && splices.Any, Notes = notes };
    }

    /// <summary>A table's name without <see cref="LatestSuffix"/>, where it has it.</summary>
    public static string WithoutSuffix(string name) => name.EndsWith(LatestSuffix, StringComparison.OrdinalIgnoreCase) ? name[..^LatestSuffix.Length] : name;

    /// <summary>A table by the names that a statement has for it.</summary>
    public (TableShape Shape, bool Latest)? FindTable(string database, string table)
    {
        if (database.Length == 0) return null;
        if (tables.Find(new TableName(database, table)) is { } found) return (ShapeOf(found), false);
        if (!table.EndsWith(LatestSuffix, StringComparison.OrdinalIgnoreCase)) return null;
        return tables.Find(new TableName(database, table[..^LatestSuffix.Length])) is { } behind ? (ShapeOf(behind), true) : null;
    }

    private TableShape ShapeOf(SeriesTable table)
    {
        if (_shapes.TryGetValue(table, out var known) && known.IsOf(table)) return known;
        var shape = new TableShape(table);
        _shapes.AddOrUpdate(table, shape);
        return shape;
    }

    private static TimeRange RangeOf(Mention mention, ConstantTime constants)
    {
        var bounds = new TimeBounds(mention, constants);
        return mention.Conditions.Aggregate(TimeRange.All, (range, condition) => range.And(bounds.Of(condition, out _)));
    }

    private static ScanRange RangeOf(SeriesSet? series, TimeRange range) => new() { Series = series, FromNs = range.FromNs, ToNs = range.ToNs };

    // database.table.column, or database.table.*: the table must keep its name.
    private static bool NamedInFull(JsonElement tree, Mention mention) => SyntaxTree.Everything(tree).Any(node =>
        SyntaxTree.Class(node) == "COLUMN_REF" && node.GetProperty("column_names") is var names && names.GetArrayLength() > 2
        && string.Equals(names[1].GetString(), mention.Alias, StringComparison.OrdinalIgnoreCase));

    private static long NowUs(Connection connection)
    {
        using var result = connection.Query("SELECT epoch_us(now())");
        return result.Scalar();
    }

    private static string NoteOf(Mention mention, TableSnapshot snapshot, SeriesSet? series, TimeRange range, BucketPlan? buckets, bool ungrouped)
    {
        var name = $"{mention.Shape.Table.Name}{(mention.Latest ? LatestSuffix : "")}";
        var which = series is null ? "all" : series.Count.ToString(CultureInfo.InvariantCulture);
        var how = mention.Latest ? "the newest row of each" : buckets is null ? "rows" : buckets.Spec.WidthNs == 0 ? "summed up by series" : $"summed up by series and {TimeSpan.FromTicks(buckets.Spec.WidthNs / 100):c}";
        if (ungrouped) how += ", each group once";
        var from = range.FromNs == long.MinValue ? "the beginning" : TimeText.Of(range.FromNs);
        var to = range.ToNs == long.MaxValue ? "the end" : TimeText.Of(range.ToNs);
        var times = range.IsEmpty ? "no time" : range.IsAll ? "all times" : $"from {from} to {to}";
        return string.Create(CultureInfo.InvariantCulture, $"{name}: {how}; {which} of {snapshot.SeriesCount} series; {times}");
    }
}
