using System.Globalization;
using Millrace.Contracts;
using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series;

/// <summary>DuckDB as the store uses it: one database in memory, locked down, that has a view for each table and no rows.</summary>
internal sealed class SeriesDatabase : IDisposable
{
    private readonly Database _database;
    private readonly Connection _owner;
    private readonly RowFunction _rows;
    private readonly HashSet<string> _schemas = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="directories">Absolute: the only ones DuckDB may touch, but for spills.</param>
    /// <param name="spill">Where queries that outgrow memory put what they cannot hold, absolute.</param>
    /// <param name="options">Limits.</param>
    /// <param name="tables">By their ids.</param>
    public SeriesDatabase(IEnumerable<string> directories, string spill, SeriesOptions options, SeriesTables tables)
    {
        _database = Database.Open(
        [
            ("autoinstall_known_extensions", "false"),
            ("autoload_known_extensions", "false"),
            ("allow_community_extensions", "false"),
            ("threads", (options.Threads ?? Environment.ProcessorCount).ToString(CultureInfo.InvariantCulture)),
            ("memory_limit", Size(new ByteSize(new SeriesBudget(options).Engine))),
        ]);
        _owner = _database.Connect();
        _owner.Execute($"SET GLOBAL temp_directory = {SeriesSql.Literal(spill)}");
        _owner.Execute($"SET GLOBAL max_temp_directory_size = '{Size(options.QuerySpill)}'");
        _owner.Execute($"SET GLOBAL allowed_directories = [{string.Join(", ", directories.Select(SeriesSql.Literal))}]");
        _owner.Execute("SET GLOBAL errors_as_json = true; SET GLOBAL TimeZone = 'UTC'; SET GLOBAL parquet_metadata_cache = true; SET GLOBAL allow_persistent_secrets = false");

        // DuckDB 1.5.6 fails where rows of a range of values are numbered and the first is asked for: WHERE time BETWEEN … inside, row_number() … = 1 outside.
        _owner.Execute("SET GLOBAL disabled_optimizers = 'top_n_window_elimination'");

        // 7 / 2 is 3, as in Timestream.
        _owner.Execute("SET GLOBAL integer_division = true");
        _rows = RowFunction.Register(_owner, new ScanScope(tables.Find, take: null, use: null));
        foreach (var macro in QueryMacros.All) _owner.Execute(macro);
        _owner.Execute("SET GLOBAL enable_external_access = false; SET GLOBAL lock_configuration = true");
    }

    /// <summary>A connection of one's own.</summary>
    public Connection Connect() => _database.Connect();

    /// <summary>Statements of this connection read what the scope says, until the answer is disposed.</summary>
    public IDisposable Use(Connection connection, IRowSources scope) => _rows.Use(connection, scope);

    /// <summary>Gives the tables the views they need, all at once. Under the store's lock.</summary>
    public void MakeViews(IReadOnlyCollection<SeriesTable> tables)
    {
        if (tables.Count == 0) return;
        try
        {
            InTransaction(() =>
            {
                foreach (var table in tables)
                {
                    if (_schemas.Add(table.Name.Database)) _owner.Execute($"CREATE SCHEMA IF NOT EXISTS {SeriesSql.Quote(table.Name.Database)}");
                    _owner.Execute(SeriesSql.MakeView(table));
                }
            });
        }
        catch (FaultException)
        {
            _schemas.Clear();
            throw;
        }

        foreach (var table in tables) table.ViewIsMade();
    }

    /// <summary>Takes a deleted table from queries that begin from now on. Under the store's lock.</summary>
    public void Drop(SeriesTable table)
    {
        if (_schemas.Contains(table.Name.Database)) InTransaction(() => _owner.Execute($"DROP VIEW IF EXISTS {SeriesSql.ViewName(table.Name)}"));
    }

    public void Dispose()
    {
        _owner.Dispose();
        _database.Dispose();
    }

    private static string Size(ByteSize size) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, size.Bytes >> 10)}KiB");

    private void InTransaction(Action work)
    {
        try
        {
            _owner.Execute("BEGIN");
            work();
            _owner.Execute("COMMIT");
        }
        catch (DuckDbException failed)
        {
            try
            {
                _owner.Execute("ROLLBACK");
            }
            catch (DuckDbException)
            {
                // A commit that failed has rolled back already.
            }

            throw new FaultException(Fault.Unavailable, $"the query engine could not take the tables: {failed.Message}", failed);
        }
    }
}
