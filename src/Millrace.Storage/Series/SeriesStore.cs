using System.Buffers;
using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Tables;
using Millrace.Storage.DuckDb;
using Millrace.Storage.Files;
using Millrace.Storage.Series.Cold;
using Millrace.Storage.Series.Outside;
using Millrace.Storage.Series.Query;
using Millrace.Storage.Series.Remote;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series;

/// <summary>Tables of time series: new rows in memory, older ones in block files, queries over both.</summary>
/// <remarks>
/// Rows are written into the current generation. A move seals it, writes it to files beside the writers, and commits files and flows' checkpoints in one manifest;
/// a query sees a row in memory or in its file, never in both and never in neither. Disposing loses nothing but time: what was not moved comes again from the log.
/// </remarks>
public sealed class SeriesStore : ISeriesStore, ISealing, IDisposable
{
    private static readonly SearchValues<char> Patterns = SearchValues.Create("*?[]{}");
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxSealWait = TimeSpan.FromSeconds(2);

    // Everything that is not said to be for any thread is under this lock; the state of a move is signalled through it.
    private readonly object _gate = new();
    private readonly SeriesDatabase _database;
    private readonly SeriesTables _tables;
    private readonly PointWriter _writer;
    private readonly FlowPositions _flows;
    private readonly SeriesMoves _moves;
    private readonly QueryRunner _queries;
    private readonly OutsideTables _outside;
    private readonly string _answers;
    private readonly Func<SeriesTable, HotRows> _hotOf;
    private readonly HashSet<SeriesTable> _changed = [];
    private readonly TimeProvider _clock;
    private readonly SeriesBudget _budget;
    private readonly RemoteTier? _remote;
    private readonly RemoteUploads? _uploads;
    private bool _disposed;

    private SeriesStore(
        SeriesOptions options, TimeProvider clock, SeriesServices services, SeriesDatabase database, SeriesTables tables, SeriesFiles files, ColdStore cold, RemoteTier? remote,
        Manifest manifest)
    {
        _clock = clock;
        _budget = new SeriesBudget(options);
        _remote = remote;
        _uploads = remote is null ? null : new RemoteUploads(remote, clock, services.Logger);
        _database = database;
        _tables = tables;
        _flows = new FlowPositions(manifest.Flows);
        _writer = new PointWriter(options, clock, new LatePoints()) { Series = tables.All.Sum(static table => (long)table.Series.Count) };
        _answers = files.AnswersRoot;
        _outside = new OutsideTables(database.Connect, new ReferenceFolder(ReferenceOf(options, files)), new LakeFolder(files.LakeRoot));
        _queries = new QueryRunner(database.Connect, Begin, Snapshot, options, clock, tables, _outside);
        _moves = new SeriesMoves(_gate, options, _budget, clock, new SeriesMover(_gate, files, tables, _flows, cold, manifest, remote), this, services.Logger);
        _hotOf = HotOf;
    }

    /// <summary>The numbers of now.</summary>
    public SeriesStats Stats
    {
        get
        {
            lock (_gate)
            {
                return _moves.AddTo(new SeriesStats
                {
                    ColdRows = _tables.All.Sum(static table => table.Cold.Rows),
                    Files = _tables.All.Sum(static table => table.Cold.Files.Count),
                    BytesOnDisk = _tables.All.Sum(static table => table.Cold.Bytes),
                    Series = _writer.Series,
                    SeriesBytes = _tables.All.Sum(static table => table.Series.Memory),
                    Tables = _tables.Count,
                    Queries = _queries.Count,
                    Remote = _remote?.Counts,
                });
            }
        }
    }

    public StoreHealth Health => _moves.Health;

    /// <summary>What somebody should look at, while rows are taken.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_gate) return [.. _moves.Warnings(), .. new[] { _uploads?.Health.Message }.OfType<string>()];
        }
    }

    /// <summary>Opens what is there: files in the manifest are taken up, all others are deleted. Flows then replay what came after it.</summary>
    /// <param name="disk">The data directory.</param>
    /// <param name="root">The same as an absolute path: DuckDB opens its files itself.</param>
    /// <param name="options">Checked.</param>
    /// <param name="clock">For the time window of records, and for when to move rows to files.</param>
    /// <param name="services">What it can do without.</param>
    /// <exception cref="FaultException">Corrupt: files are missing or broken.</exception>
    public static SeriesStore Open(IDisk disk, string root, SeriesOptions options, TimeProvider clock, SeriesServices? services = null)
    {
        services ??= new SeriesServices();
        if (root.AsSpan().IndexOfAny(Patterns) >= 0)
            throw new FaultException(Fault.Refused, $"the data directory {root} has one of * ? [ ] {{ }} in its path, which the query engine takes for a pattern");
        if (options.Reference.AsSpan().IndexOfAny(Patterns) >= 0)
            throw new FaultException(Fault.Refused, $"the directory of reference files {options.Reference} has one of * ? [ ] {{ }} in its path, which the query engine takes for a pattern");
        var files = new SeriesFiles(disk, Path.GetFullPath(root));
        files.MakeQueryDirectories();
        var remote = services.Bucket is { } bucket ? new RemoteTier(bucket, files) : null;
        var cold = new ColdStore(files, remote, options.DiskLimit?.Bytes, options.QueryTime);
        var opening = new SeriesOpening(files, options, services, remote);
        var manifest = opening.Find();
        var tables = opening.Load(manifest, cold);
        var database = new SeriesDatabase(
            [files.TablesRoot, files.AnswersRoot, files.LakeRoot, ReferenceOf(options, files)], files.SpillRoot, options, tables);
        try
        {
            database.MakeViews([.. tables.All]);
            return new SeriesStore(options, clock, services, database, tables, files, cold, remote, manifest);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Deletes a table: it is gone for queries at once. Ends when no start will bring a row of it back, as its files are out of the manifest, and the flows'
    /// positions in it are behind what they wrote to it. A flow that writes to it afterwards makes a table of that name anew.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="FaultException">Unavailable: the manifest could not be written. It is gone until the next start; asked again, it is tried again.</exception>
    public async Task<bool> DeleteAsync(TableName name, CancellationToken stop)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            if (_tables.Find(name) is { } table && table.Name == name)
            {
                _tables.Delete(table);
                _database.Drop(table);
                _queries.Forget();
                _changed.Remove(table);
                _writer.Series -= table.Series.Count;
                _moves.Drop(table);
            }
            else if (_tables.Deleted.All(gone => gone.Name != name))
            {
                return false;
            }

            _moves.Consider();
        }

        await _moves.MoveAsync(stop);
        return true;
    }

    /// <summary>Makes the table if there is none, and says how it is kept; later words replace earlier ones.</summary>
    public void Declare(TableName name, TableOptions options)
    {
        var table = _tables.Get(name);
        foreach (var dimension in options.Dimensions)
            if (table.RefusalOf(table.DimensionColumn(dimension)) is { } wrong) throw new FaultException(Fault.Refused, wrong);
        lock (_gate)
        {
            ThrowIfDisposed();
            table.Options = options;
            _changed.Add(table);
            _moves.RetentionChanged();
        }
    }

    public ISeriesTable Table(TableName name)
    {
        if (_tables.Find(name) is { } known && known.Name == name) return known;
        var table = _tables.Get(name);
        lock (_gate) _changed.Add(table);
        return table;
    }

    public void Write(string flow, PointBatch points, Outcomes outcomes)
    {
        var away = new AwayFiles();
        try
        {
            // What a late point must be compared with may be in the bucket: nobody else waits while it is fetched.
            while (!TryWrite(flow, points, outcomes, away)) away.Fetch();
        }
        finally
        {
            away.Release();
        }
    }

    /// <summary>Nothing: what was written is visible at once.</summary>
    public void Show()
    {
    }

    public void Reached(string flow, Checkpoint checkpoint)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            if (_flows.Reached(flow, checkpoint)) _moves.Consider();
            _moves.TrySeal();
        }
    }

    public void Abandoned(string flow)
    {
        lock (_gate)
        {
            if (_disposed) return;
            _flows.Abandoned(flow);
            _moves.TrySeal();
        }
    }

    /// <summary>The flow was removed: one of the same name begins anew. Durable with the next move.</summary>
    /// <returns>Whether it was known.</returns>
    public bool Forget(string flow)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            if (!_flows.Forget(flow)) return false;
            _moves.Consider();
            return true;
        }
    }

    public Checkpoint? CheckpointOf(string flow)
    {
        lock (_gate) return _flows.Of(flow);
    }

    /// <summary>What the files hold of a flow: all before it never has to come again.</summary>
    public Checkpoint? MovedOf(string flow)
    {
        lock (_gate) return _moves.MovedOf(flow);
    }

    /// <summary>How a table takes and keeps records; null where there is no such table.</summary>
    public TableOptions? OptionsOf(TableName name) => _tables.Find(name)?.Options;

    /// <exception cref="FaultException">Refused: no table can be in a database of this name.</exception>
    public static void CheckDatabase(string name) => SeriesTables.CheckDatabase(name);

    /// <summary>Names of a table's dimensions; null where there is no such table.</summary>
    public IReadOnlyList<string>? DimensionsOf(TableName name) => _tables.Find(name)?.Dimensions;

    /// <summary>Moves all rows that are in memory now to files, with the checkpoints that flows have reached.</summary>
    /// <exception cref="FaultException">Unavailable: they could not be written; they are still in memory and will be tried again.</exception>
    public Task MoveAsync(CancellationToken stop) => _moves.MoveAsync(stop);

    /// <summary>Runs one SELECT, and nothing but a SELECT.</summary>
    /// <exception cref="QueryException">With the reason and, where there is one, the place.</exception>
    public Task<QueryResult> QueryAsync(string sql, CancellationToken stop) => _queries.RunAsync(sql, stop);

    /// <summary>False: statements run as they are written, for tests that compare.</summary>
    internal bool PlansQueries
    {
        get => _queries.Plans;
        set => _queries.Plans = value;
    }

    /// <summary>What an answer may have that asks for nothing else.</summary>
    public QueryLimits QueryLimits => _queries.Limits;

    /// <summary>Runs one SELECT, and hands out its rows while it runs.</summary>
    /// <param name="sql">One SELECT.</param>
    /// <param name="limits">Of the answer.</param>
    /// <param name="rows">Gets at least one part, and disposes it. It is called by the thread that computes, which waits for it; that time does not count as the query's.</param>
    /// <param name="stop">Ends the query.</param>
    /// <exception cref="QueryException">With the reason and, where there is one, the place; also after some rows.</exception>
    public Task<QueryEnd> StreamAsync(string sql, QueryLimits limits, Action<QueryResult> rows, CancellationToken stop) => _queries.StreamAsync(sql, limits, rows, stop);

    /// <summary>Runs one SELECT and gives its rows as a Parquet file.</summary>
    /// <exception cref="QueryException">With the reason and, where there is one, the place.</exception>
    public async Task<QueryFile> ParquetAsync(string sql, QueryLimits limits, CancellationToken stop)
    {
        var path = Path.Combine(_answers, $"{Guid.NewGuid():N}.parquet");
        try
        {
            var rows = await _queries.CopyAsync(sql, limits, path, stop);
            var options = new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan };
            var content = new FileStream(path, options);

            // Who has it open reads on; and it is gone however that ends.
            File.Delete(path);
            return new QueryFile(content, rows);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Tables that queries find beside the store's own, by database and table.</summary>
    public IReadOnlyList<(string Database, string Table)> OutsideTables() => [.. _outside.All().Select(static table => (table.Schema, table.Name))];

    /// <summary>Every table, ordered by name.</summary>
    public IReadOnlyList<TableListing> Tables()
    {
        lock (_gate)
        {
            return [.. _tables.All.OrderBy(static table => table.Name.ToString(), StringComparer.Ordinal).Select(static table => new TableListing(
                table.Name,
                table.Dimensions,
                [.. table.Series.Measures().Where(static measure => measure.Kind != SeriesIndex.Multi)],
                [.. table.Series.Measures().Where(static measure => measure.Kind == SeriesIndex.Multi).Select(static measure => measure.Name)],
                [.. table.Measures.Select(static measure => (measure.Name, measure.Type))],
                table.Series.Count,
                (table.Hot?.Rows ?? 0) + (table.Sealed?.Rows ?? 0) + table.Cold.Rows,
                table.Options,
                table.TimesCorrected))];
        }
    }

    /// <summary>Series of a table, the oldest first.</summary>
    /// <param name="name">The table.</param>
    /// <param name="limit">So many at most.</param>
    /// <param name="filter">Only those with this text in a dimension value or in the measure name, upper or lower case.</param>
    /// <returns>The series, and whether there are more; null where there is no such table.</returns>
    public (IReadOnlyList<SeriesListing> Series, bool More)? Series(TableName name, int limit, string? filter = null)
    {
        if (_tables.Find(name) is not { } table) return null;
        var found = new List<SeriesListing>();
        for (var code = 0; ;)
        {
            // In slices: writers wait for this lock.
            lock (_gate)
            {
                for (var end = Math.Min(code + 2000, table.Series.Count); code < end; code++)
                {
                    var series = table.Series.Describe(code, table.Dimensions);
                    if (!string.IsNullOrEmpty(filter) && !Has(series, filter)) continue;
                    if (found.Count == limit) return (found, true);
                    found.Add(series);
                }

                if (code >= table.Series.Count) return (found, false);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            Monitor.PulseAll(_gate);
        }

        _queries.Dispose();
        _moves.Dispose();
        _uploads?.Dispose();
        lock (_gate)
        {
            foreach (var table in _tables.All) table.Cold.Release();
            _database.Dispose();
        }
    }

    bool ISealing.AllSettled => _flows.AllSettled;

    long ISealing.Dictionaries => _tables.All.Sum(static table => table.Series.Memory);

    private static string ReferenceOf(SeriesOptions options, SeriesFiles files) => options.Reference is { } given ? Path.GetFullPath(given) : files.ReferenceRoot;

    private static bool Has(SeriesListing series, string filter) =>
        series.MeasureName.Contains(filter, StringComparison.OrdinalIgnoreCase)
        || series.Dimensions.Values.Any(value => value.Contains(filter, StringComparison.OrdinalIgnoreCase));

    private HotRows HotOf(SeriesTable table)
    {
        _changed.Add(table);
        return table.Hot ??= new HotRows(table, _moves.Generation, _moves.Current);
    }

    /// <summary>For a statement of this connection: all columns are in the views, and rows are read as they are when a table is first mentioned.</summary>
    private ScanScope Begin(Connection connection)
    {
        lock (_gate)
        {
            if (_changed.Count > 0)
            {
                _database.MakeViews([.. _changed.Where(static table => table is { ViewStale: true, IsDeleted: false })]);
                _changed.Clear();
            }
        }

        return new ScanScope(_tables.Find, Snapshot, scope => _database.Use(connection, scope));
    }

    private TableSnapshot Snapshot(SeriesTable table)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            return table.Snapshot(_clock.GetUtcNow());
        }
    }

    /// <returns>False where files must be fetched first.</returns>
    private bool TryWrite(string flow, PointBatch points, Outcomes outcomes, AwayFiles away)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            _moves.WaitForRoom(MaxWait);
            if (_flows.IsSettled(flow)) _moves.WaitForSeal(MaxSealWait);
            ThrowIfDisposed();
            ThrowIfDeleted(points);
            if (_remote is not null && away.Find(points)) return false;
            _flows.Writes(flow);
            _writer.Write(points, outcomes, _hotOf);
            _moves.Consider();
            return true;
        }
    }

    // Who still holds the table begins anew where it stood, and makes another one by its name.
    private static void ThrowIfDeleted(PointBatch points)
    {
        ISeriesTable? last = null;
        foreach (ref readonly var point in points.Points)
        {
            if (ReferenceEquals(point.Table, last)) continue;
            last = point.Table;
            if (((SeriesTable)last).IsDeleted) throw new FaultException(Fault.Unavailable, $"table {last.Name} was deleted meanwhile");
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);
}
