using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Millrace.Contracts.Tables;
using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Outside;

namespace Millrace.Storage.Series.Query;

/// <summary>Runs people's queries: checked, limited in number, time, memory and rows, each on a connection of its own. Any thread may ask.</summary>
internal sealed class QueryRunner : IDisposable
{
    private const int MaxTextLength = 1 << 20;
    private const string Explain = "EXPLAIN ";

    private readonly Func<Connection> _connect;
    private readonly SeriesOptions _options;
    private readonly TimeProvider _clock;
    private readonly Func<IEnumerable<TableName>> _tables;
    private readonly OutsideTables _outside;
    private readonly SemaphoreSlim _places;
    private readonly ConcurrentBag<Connection> _idle = [];
    private readonly ConcurrentDictionary<long, byte> _running = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly long _memory;
    private long _last;
    private int _count;

    public QueryRunner(Func<Connection> connect, SeriesOptions options, TimeProvider clock, Func<IEnumerable<TableName>> tables, OutsideTables outside)
    {
        _connect = connect;
        _options = options;
        _clock = clock;
        _tables = tables;
        _outside = outside;
        Limits = new QueryLimits(options.QueryRows, options.QueryBytes.Bytes);
        _places = new SemaphoreSlim(options.Queries, options.Queries);
        _memory = Math.Max(1L << 30, options.MemoryLimit?.Bytes ?? (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4));
    }

    /// <summary>Queries that run or wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The number of the query that began last.</summary>
    public long Newest => Interlocked.Read(ref _last);

    /// <summary>The smallest number of a query that runs; where none does, one more than any that ever did.</summary>
    public long Oldest => _running.Keys.DefaultIfEmpty(Newest + 1).Min();

    /// <summary>What an answer may have that asks for nothing else.</summary>
    public QueryLimits Limits { get; }

    /// <summary>Runs it to its end, and holds the rows.</summary>
    public async Task<QueryResult> RunAsync(string sql, CancellationToken stop)
    {
        var parts = new List<QueryResult>();
        try
        {
            var end = await StreamAsync(sql, Limits, parts.Add, stop);
            return QueryResult.Join(parts, end);
        }
        catch
        {
            foreach (var part in parts) part.Dispose();
            throw;
        }
    }

    /// <summary>Runs it and hands out the rows as they come.</summary>
    /// <param name="sql">One SELECT.</param>
    /// <param name="limits">Of the answer.</param>
    /// <param name="rows">Gets them in parts, which it disposes: at least one, so that an answer without rows has its columns. Called by the thread that computes, which waits for it.</param>
    /// <param name="stop">Ends the query.</param>
    public Task<QueryEnd> StreamAsync(string sql, QueryLimits limits, Action<QueryResult> rows, CancellationToken stop) =>
        TakeTurnAsync(sql, token => Run(
            sql,
            null,
            (connection, text, statement, watch) => Plain(statement)
                ? Fetch(statement, statement, limits, rows, watch)
                : FetchAsText(connection, text, statement, limits, rows, watch),
            token), stop);

    /// <summary>Runs it and writes its rows into a Parquet file, which must not be there; where it fails, none is left.</summary>
    /// <param name="sql">One SELECT.</param>
    /// <param name="limits">Only its rows count.</param>
    /// <param name="path">Absolute, where DuckDB may write.</param>
    /// <param name="stop">Ends the query.</param>
    public Task<bool> CopyAsync(string sql, QueryLimits limits, string path, CancellationToken stop) =>
        TakeTurnAsync(sql, token => Run(
            sql,
            path,
            (connection, text, statement, watch) =>
            {
                watch.ThrowIfStopped();
                if (text.IsExplain) throw new PlacedException(QueryError.Refused, "A plan is text, and no Parquet file.", null);
                connection.Execute(ParquetCopy.Statement(text.Sql, statement, limits.Rows, path));
                watch.ThrowIfStopped();
                return true;
            },
            token), stop);

    private async Task<T> TakeTurnAsync<T>(string sql, Func<CancellationToken, T> run, CancellationToken stop)
    {
        if (sql.Length > MaxTextLength) throw new QueryException(QueryError.Refused, $"The statement has {sql.Length} characters; at most {MaxTextLength} are taken.");

        // DuckDB's texts end there: what is checked and what is run must be the same.
        if (sql.Contains('\0', StringComparison.Ordinal)) throw new QueryException(QueryError.Syntax, "The statement has a zero character in it.");
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(stop, _stopping.Token);
        if (Interlocked.Increment(ref _count) > _options.Queries + _options.QueriesWaiting)
        {
            Interlocked.Decrement(ref _count);
            throw new QueryException(QueryError.Busy, $"{_options.Queries} queries run and {_options.QueriesWaiting} wait; try again in a moment.");
        }

        try
        {
            await _places.WaitAsync(linked.Token);
            try
            {
                // A thread of its own: DuckDB computes on the caller's thread, for as long as it takes.
                return await Task.Factory.StartNew(
                    () => run(linked.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
            finally
            {
                _places.Release();
            }
        }
        catch (OperationCanceledException)
        {
            throw new QueryException(QueryError.Cancelled, "The query was cancelled.");
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>Stops what runs, and ends when it has.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        for (var i = 0; i < _options.Queries; i++) _places.Wait();
        while (_idle.TryTake(out var connection)) connection.Dispose();
        _outside.Dispose();
    }

    private T Run<T>(string sql, string? file, Func<Connection, QueryText, Statement, QueryWatch, T> answer, CancellationToken stop)
    {
        var number = Interlocked.Increment(ref _last);
        _running.TryAdd(number, 0);
        var connection = _idle.TryTake(out var idle) ? idle : _connect();
        try
        {
            using var watch = new QueryWatch(connection, _clock, _options.QueryTime, _memory, stop, file is null ? null : () => LengthOf(file) > _options.QuerySpill.Bytes);
            var text = new QueryText(sql);
            var prefix = !text.IsExplain ? "" : text.IsAnalyze ? Explain + "ANALYZE " : Explain;
            try
            {
                Check(connection, text, watch);

                // One transaction, so that what the view names when the statement is prepared is what there is when it runs.
                connection.Execute("BEGIN");
                using var statement = connection.Prepare(prefix + text.Sql);
                if (statement.Kind is not (StatementKind.Select or StatementKind.Explain))
                    throw new PlacedException(QueryError.Refused, "Only a SELECT over tables can be run.", null);
                return answer(connection, text, statement, watch);
            }
            catch (DuckDbException failed)
            {
                throw QueryErrors.Explain(failed, watch.Stopped, text, prefix.Length, _options);
            }
            catch (PlacedException refused)
            {
                throw QueryErrors.Explain(refused, text);
            }
        }
        finally
        {
            GiveBack(connection);
            _running.TryRemove(number, out _);
        }
    }

    private static long LengthOf(string file) => new FileInfo(file) is { Exists: true } info ? info.Length : 0;

    private void Check(Connection connection, QueryText text, QueryWatch watch)
    {
        if (text.Sql.Length == 0) throw new PlacedException(QueryError.Syntax, "There is no statement.", null);
        using var serialize = connection.Prepare("SELECT system.main.json_serialize_sql($1::VARCHAR)::VARCHAR");
        serialize.Bind(1, Encoding.UTF8.GetBytes(text.Sql));
        using var result = serialize.Execute();
        using var chunk = result.Fetch() ?? throw new DuckDbException("", "the statement could not be read");
        watch.ThrowIfStopped();
        using var tree = JsonDocument.Parse(chunk.Vector(0).Text(0).ToArray(), new JsonDocumentOptions { MaxDepth = 1000 });
        var root = tree.RootElement;
        if (root.GetProperty("error").GetBoolean()) throw QueryErrors.NotSelect(root);
        var tables = _tables().Select(static table => table.ToString()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var outside = _outside.Beside(tables, text.Sql);
        tables.UnionWith(outside.Keys);
        var guard = new QueryGuard(tables);
        guard.Check(root);
        if (outside.Count == 0) return;
        foreach (var (name, place) in guard.Named)
            if (outside.TryGetValue(name, out var table)) _outside.Prepare(table, place);
    }

    private void GiveBack(Connection connection)
    {
        try
        {
            connection.Execute("ROLLBACK");
        }
        catch (DuckDbException)
        {
            // It had not begun.
        }

        _idle.Add(connection);
    }

    private static bool Plain(Statement statement)
    {
        for (var i = 0; i < statement.Columns; i++)
            if (!QueryColumn.IsPlain(statement.ColumnType(i))) return false;
        return true;
    }

    // Lists, structs and rare types: DuckDB turns them into JSON or text, so that only plain columns are read here.
    private static QueryEnd FetchAsText(Connection connection, QueryText text, Statement asked, QueryLimits limits, Action<QueryResult> rows, QueryWatch watch)
    {
        var names = Enumerable.Range(0, asked.Columns).Select(static i => $"c{i}").ToList();
        var columns = names.Select((name, i) => asked.ColumnType(i) switch
        {
            var type when QueryColumn.IsPlain(type) => name,
            var type when QueryColumn.MakesJson(type) => $"to_json({name})::VARCHAR",
            _ => $"{name}::VARCHAR",
        });
        using var statement = connection.Prepare($"SELECT {string.Join(", ", columns)} FROM (\n{text.Sql}\n) q({string.Join(", ", names)})");
        return Fetch(statement, asked, limits, rows, watch);
    }

    private static QueryEnd Fetch(Statement statement, Statement asked, QueryLimits limits, Action<QueryResult> rows, QueryWatch watch)
    {
        watch.ThrowIfStopped();
        using var result = statement.Stream();
        var columns = new List<QueryColumn>(result.Columns);
        for (var i = 0; i < result.Columns; i++)
        {
            var (type, scale, carrier) = result.ColumnType(i);
            columns.Add(new QueryColumn(asked.ColumnName(i), asked.ColumnType(i), type, scale, carrier));
        }

        var (count, bytes, truncated, parts) = (0L, 0L, false, 0);
        while (!truncated && result.Fetch() is { } chunk)
        {
            count += chunk.Count;
            bytes += limits.Bytes == long.MaxValue ? 0 : Bytes(columns, chunk);
            truncated = count > limits.Rows || bytes > limits.Bytes;
            if (count > limits.Rows)
            {
                chunk.Count -= (int)(count - limits.Rows);
                count = limits.Rows;
            }

            Hand([chunk]);
            watch.ThrowIfStopped();
        }

        if (parts == 0) Hand([]);
        return new QueryEnd(count, truncated, watch.Elapsed);

        void Hand(List<DataChunk> chunks)
        {
            parts++;
            var part = new QueryResult(columns, chunks, truncated, watch.Elapsed);
            watch.Outside(() => rows(part));
        }
    }

    private static long Bytes(List<QueryColumn> columns, DataChunk chunk)
    {
        var bytes = 16L * columns.Count * chunk.Count;
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].Stored != ColumnType.Varchar) continue;
            var vector = chunk.Vector(i);
            for (var row = 0; row < chunk.Count; row++)
                if (vector.IsValid(row)) bytes += vector.Text(row).Length;
        }

        return bytes;
    }
}
