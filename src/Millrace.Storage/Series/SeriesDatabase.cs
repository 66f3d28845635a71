using System.Globalization;
using Millrace.Contracts;
using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series;

/// <summary>DuckDB as the store uses it: one database in memory, locked down, and the connection that writes. Under the store's lock.</summary>
internal sealed class SeriesDatabase : IDisposable
{
    private const string LateTable = "late";

    private readonly Database _database;
    private readonly Connection _writer;
    private readonly HashSet<string> _schemas = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _root;

    /// <param name="root">The data directory, absolute.</param>
    /// <param name="directories">Absolute: the only ones DuckDB may touch, but for spills.</param>
    /// <param name="spill">Where queries that outgrow memory put what they cannot hold, absolute.</param>
    /// <param name="options">Limits.</param>
    public SeriesDatabase(string root, IEnumerable<string> directories, string spill, SeriesOptions options)
    {
        _root = root;
        _database = Database.Open(
        [
            ("autoinstall_known_extensions", "false"),
            ("autoload_known_extensions", "false"),
            ("allow_community_extensions", "false"),
            ("threads", (options.Threads ?? Environment.ProcessorCount).ToString(CultureInfo.InvariantCulture)),
            ("memory_limit", Size(options.MemoryLimit ?? new ByteSize(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4))),
        ]);
        _writer = _database.Connect();
        _writer.Execute($"SET GLOBAL temp_directory = {SeriesSql.Literal(spill)}");
        _writer.Execute($"SET GLOBAL max_temp_directory_size = '{Size(options.QuerySpill)}'");
        _writer.Execute($"SET GLOBAL allowed_directories = [{string.Join(", ", directories.Select(SeriesSql.Literal))}]");
        _writer.Execute("SET GLOBAL errors_as_json = true; SET GLOBAL TimeZone = 'UTC'; SET GLOBAL parquet_metadata_cache = true; SET GLOBAL allow_persistent_secrets = false");

        // 7 / 2 is 3, as in Timestream.
        _writer.Execute("SET GLOBAL integer_division = true");
        _writer.Execute($"CREATE SCHEMA {SeriesSql.Quote(SeriesSql.Schema)}");
        foreach (var macro in QueryMacros.All) _writer.Execute(macro);
        _writer.Execute("SET GLOBAL enable_external_access = false; SET GLOBAL lock_configuration = true");
    }

    /// <summary>A connection of one's own: reading needs no lock.</summary>
    public Connection Connect() => _database.Connect();

    /// <summary>Takes a deleted table from queries that begin from now on, with its rows in memory that no move has sealed.</summary>
    public void Drop(SeriesTable table) => InTransaction(() =>
    {
        if (_schemas.Contains(table.Name.Database)) _writer.Execute($"DROP VIEW IF EXISTS {SeriesSql.ViewName(table.Name)}");
        if (table.Hot is { } hot) _writer.Execute($"DROP TABLE IF EXISTS {SeriesSql.Own(hot.Name)}");
    });

    /// <summary>Makes all that was written to these tables visible, all at once.</summary>
    public void Show(IReadOnlyCollection<SeriesTable> tables)
    {
        foreach (var table in tables) Prepare(table);
        InTransaction(() =>
        {
            foreach (var table in tables)
            {
                table.Names.Append(_writer);
                table.Hot?.Append(_writer);
                table.Replaced.Append(_writer);
                if (table.ViewStale) _writer.Execute(SeriesSql.MakeView(table, _root));
            }
        });
        foreach (var table in tables)
        {
            table.Names.Settle();
            table.Hot?.Settle();
            table.Replaced.Settle();
            table.ViewStale = false;
        }
    }

    /// <summary>Makes views anew and runs what belongs to it, all at once.</summary>
    public void Swap(IReadOnlyCollection<SeriesTable> tables, IEnumerable<string> statements)
    {
        foreach (var table in tables) Prepare(table);
        InTransaction(() =>
        {
            foreach (var table in tables.Where(static table => !table.IsDeleted)) _writer.Execute(SeriesSql.MakeView(table, _root));
            foreach (var statement in statements) _writer.Execute(statement);
        });
    }

    /// <summary>Takes up what a file remembers of replaced rows.</summary>
    public void LoadReplaced(SeriesTable table, string path) => table.Replaced.Prepare(_writer, Path.Combine(_root, path));

    /// <summary>The rows at these series and times, as queries see them: the table's stored columns, and the generation.</summary>
    public Result Find(SeriesTable table, IReadOnlyCollection<(int Code, long TimeNs)> wanted, IEnumerable<ColdFile> files)
    {
        try
        {
            Show([table]);
            _writer.Execute($"CREATE OR REPLACE TABLE {SeriesSql.Own(LateTable)} (series INTEGER, time TIMESTAMP_NS)");
            FillLate(wanted);
            var rows = $"SELECT p.* FROM ({SeriesSql.Rows(table, _root, files)}) p JOIN {SeriesSql.Own(LateTable)} l ON p.series = l.series AND p.time = l.time";
            return _writer.Query(table.Replaced.Any ? rows + SeriesSql.NotReplaced(table, "p") : rows);
        }
        catch (DuckDbException failed)
        {
            throw Unavailable(failed);
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _database.Dispose();
    }

    internal static FaultException Unavailable(DuckDbException failed) =>
        new(Fault.Unavailable, $"the time-series engine could not take the rows: {failed.Message}", failed);

    private static string Size(ByteSize size) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, size.Bytes >> 10)}KiB");

    private void Prepare(SeriesTable table)
    {
        if (_schemas.Add(table.Name.Database)) _writer.Execute($"CREATE SCHEMA IF NOT EXISTS {SeriesSql.Quote(table.Name.Database)}");
        table.Names.Prepare(_writer);
        table.Hot?.Prepare(_writer);
        table.Replaced.Prepare(_writer);
    }

    private void InTransaction(Action work)
    {
        try
        {
            _writer.Execute("BEGIN");
            work();
            _writer.Execute("COMMIT");
        }
        catch (DuckDbException failed)
        {
            try
            {
                _writer.Execute("ROLLBACK");
            }
            catch (DuckDbException)
            {
                // A commit that failed has rolled back already.
            }

            throw Unavailable(failed);
        }
    }

    private void FillLate(IReadOnlyCollection<(int Code, long TimeNs)> wanted)
    {
        using var chunk = DataChunk.Create([ColumnType.Integer, ColumnType.TimestampNs]);
        using var appender = Appender.Open(_writer, SeriesSql.Schema, LateTable, []);
        foreach (var rows in wanted.Chunk(DataChunk.Capacity))
        {
            var series = chunk.WritableVector(0);
            var times = chunk.WritableVector(1);
            for (var i = 0; i < rows.Length; i++)
            {
                series.Set(i, rows[i].Code);
                times.Set(i, rows[i].TimeNs);
            }

            chunk.Count = rows.Length;
            appender.Append(chunk);
        }

        appender.Flush();
    }
}
