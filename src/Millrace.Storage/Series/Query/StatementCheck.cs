using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Millrace.Contracts.Tables;
using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Outside;
using Millrace.Storage.Series.Query.Planning;

namespace Millrace.Storage.Series.Query;

/// <summary>Reads statements into trees and checks them; one that passed is known again, for dashboards ask the same again and again. Any thread.</summary>
/// <param name="tables">Of the store.</param>
/// <param name="outside">Those beside it.</param>
internal sealed class StatementCheck(Func<IEnumerable<TableName>> tables, OutsideTables outside)
{
    private const int MaxKnown = 500;
    private const int MaxKnownLength = 8 * 1024;

    private readonly ConcurrentDictionary<string, CheckedStatement> _known = new(StringComparer.Ordinal);

    /// <exception cref="PlacedException">Refused, with the reason.</exception>
    public CheckedStatement Check(Connection connection, QueryText text, QueryWatch watch)
    {
        if (text.Sql.Length == 0) throw new PlacedException(QueryError.Syntax, "There is no statement.", null);
        var stored = tables().Select(static table => table.ToString()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var beside = outside.Beside(stored, text.Sql);
        if (beside.Count == 0 && _known.TryGetValue(text.Sql, out var known) && known.Named.All(name => stored.Contains(QueryPlanner.WithoutSuffix(name)))) return known;

        var root = Serialize(connection, text, watch);
        stored.UnionWith(beside.Keys);
        var guard = new QueryGuard(stored);
        guard.Check(root);
        foreach (var (name, place) in guard.Named)
            if (beside.TryGetValue(name, out var table)) outside.Prepare(table, place);
        var passed = new CheckedStatement(root, [.. guard.Named.Keys]);
        if (beside.Count == 0 && text.Sql.Length <= MaxKnownLength) Remember(text.Sql, passed);
        return passed;
    }

    private static JsonElement Serialize(Connection connection, QueryText text, QueryWatch watch)
    {
        using var serialize = connection.Prepare("SELECT system.main.json_serialize_sql($1::VARCHAR)::VARCHAR");
        serialize.Bind(1, Encoding.UTF8.GetBytes(text.Sql));
        using var result = serialize.Execute();
        using var chunk = result.Fetch() ?? throw new DuckDbException("", "the statement could not be read");
        watch.ThrowIfStopped();
        using var tree = JsonDocument.Parse(chunk.Vector(0).Text(0).ToArray(), new JsonDocumentOptions { MaxDepth = 1000 });
        if (tree.RootElement.GetProperty("error").GetBoolean()) throw QueryErrors.NotSelect(tree.RootElement);
        return tree.RootElement.Clone();
    }

    private void Remember(string sql, CheckedStatement passed)
    {
        if (_known.Count >= MaxKnown) _known.Clear();
        _known[sql] = passed;
    }
}
