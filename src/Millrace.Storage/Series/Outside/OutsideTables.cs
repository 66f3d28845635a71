using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Query;

namespace Millrace.Storage.Series.Outside;

/// <summary>Tables that queries may join with those of the store: <c>reference.NAME</c>, and <c>lake.NAME</c>. Any thread.</summary>
/// <remarks>A table of the store that has such a name comes first. Views are made anew just before a query that names them, where their files have changed.</remarks>
internal sealed class OutsideTables(Func<Connection> connect, params IReadOnlyList<IOutsideFolder> folders) : IDisposable
{
    // Ours; no table of the store can be in a database of that name.
    internal const string Schema = "~outside";

    private readonly Lock _lock = new();
    private Connection? _connection;

    /// <summary>Every one of them, that of a broken file too.</summary>
    public IReadOnlyList<OutsideTable> All() => [.. folders.SelectMany(List)];

    /// <summary>Those that a statement may mean.</summary>
    /// <param name="stored">Names of the store's tables.</param>
    /// <param name="sql">Where none of the folders' words is in it, nothing is looked for.</param>
    public IReadOnlyDictionary<string, OutsideTable> Beside(IReadOnlySet<string> stored, string sql)
    {
        var tables = new Dictionary<string, OutsideTable>(StringComparer.OrdinalIgnoreCase);
        foreach (var folder in folders.Where(folder => sql.Contains(folder.Schema, StringComparison.OrdinalIgnoreCase)))
            foreach (var table in List(folder).Where(table => !stored.Contains(table.FullName))) tables.TryAdd(table.FullName, table);
        return tables;
    }

    /// <summary>Makes it readable.</summary>
    /// <param name="table">As it was listed for this query.</param>
    /// <param name="place">Where the query names it.</param>
    /// <exception cref="PlacedException">Its files cannot be read.</exception>
    public void Prepare(OutsideTable table, int? place)
    {
        if (table.Problem is { } problem) throw Unreadable(table, problem, place);
        lock (_lock)
        {
            try
            {
                if (_connection is null)
                {
                    _connection = connect();
                    _connection.Execute($"CREATE SCHEMA IF NOT EXISTS {SeriesSql.Quote(Schema)}");
                    foreach (var folder in folders) _connection.Execute($"CREATE SCHEMA IF NOT EXISTS {SeriesSql.Quote(folder.Schema)}");
                }

                folders.Single(folder => folder.Schema == table.Schema).Prepare(_connection, table);
            }
            catch (Exception broken) when (broken is DuckDbException or IOException or UnauthorizedAccessException)
            {
                throw Unreadable(table, broken.Message, place);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock) _connection?.Dispose();
    }

    private IReadOnlyList<OutsideTable> List(IOutsideFolder folder)
    {
        lock (_lock) return folder.List();
    }

    private static PlacedException Unreadable(OutsideTable table, string reason, int? place) =>
        new(QueryError.Failed, $"The table {SeriesLimits.Short(table.FullName)} cannot be read: {reason}", place);
}
