using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Millrace.Contracts.Tables;
using Millrace.Storage.DuckDb;

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
    private readonly SemaphoreSlim _places;
    private readonly ConcurrentBag<Connection> _idle = [];
    private readonly ConcurrentDictionary<long, byte> _running = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly long _memory;
    private long _last;
    private int _count;

    public QueryRunner(Func<Connection> connect, SeriesOptions options, TimeProvider clock, Func<IEnumerable<TableName>> tables)
    {
        _connect = connect;
        _options = options;
        _clock = clock;
        _tables = tables;
        _places = new SemaphoreSlim(options.Queries, options.Queries);
        _memory = Math.Max(1L << 30, options.MemoryLimit?.Bytes ?? (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4));
    }

    /// <summary>Queries that run or wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The number of the query that began last.</summary>
    public long Newest => Interlocked.Read(ref _last);

    /// <summary>The smallest number of a query that runs; where none does, one more than any that ever did.</summary>
    public long Oldest => _running.Keys.DefaultIfEmpty(Newest + 1).Min();

    public async Task<QueryResult> RunAsync(string sql, CancellationToken stop)
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
                    () => Run(sql, linked.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
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
    }

    private QueryResult Run(string sql, CancellationToken stop)
    {
        var number = Interlocked.Increment(ref _last);
        _running.TryAdd(number, 0);
        var connection = _idle.TryTake(out var idle) ? idle : _connect();
        try
        {
            using var watch = new QueryWatch(connection, _clock, _options.QueryTime, _memory, stop);
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
                return Plain(statement) ? Fetch(statement, statement, watch) : FetchAsText(connection, text.Sql, statement, watch);
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
        new QueryGuard(tables).Check(root);
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
    private QueryResult FetchAsText(Connection connection, string sql, Statement asked, QueryWatch watch)
    {
        var names = Enumerable.Range(0, asked.Columns).Select(static i => $"c{i}").ToList();
        var columns = names.Select((name, i) => asked.ColumnType(i) switch
        {
            var type when QueryColumn.IsPlain(type) => name,
            var type when QueryColumn.MakesJson(type) => $"to_json({name})::VARCHAR",
            _ => $"{name}::VARCHAR",
        });
        using var statement = connection.Prepare($"SELECT {string.Join(", ", columns)} FROM (\n{sql}\n) q({string.Join(", ", names)})");
        return Fetch(statement, asked, watch);
    }

    private QueryResult Fetch(Statement statement, Statement asked, QueryWatch watch)
    {
        var chunks = new List<DataChunk>();
        try
        {
            watch.ThrowIfStopped();
            using var result = statement.Stream();
            var columns = new List<QueryColumn>(result.Columns);
            for (var i = 0; i < result.Columns; i++)
            {
                var (type, scale, carrier) = result.ColumnType(i);
                columns.Add(new QueryColumn(asked.ColumnName(i), asked.ColumnType(i), type, scale, carrier));
            }

            var (rows, bytes, truncated) = (0L, 0L, false);
            while (!truncated && result.Fetch() is { } chunk)
            {
                chunks.Add(chunk);
                watch.ThrowIfStopped();
                rows += chunk.Count;
                bytes += Bytes(columns, chunk);
                if (rows > _options.QueryRows) chunk.Count -= (int)(rows - _options.QueryRows);
                truncated = rows > _options.QueryRows || bytes > _options.QueryBytes.Bytes;
            }

            return new QueryResult(columns, chunks, truncated, watch.Elapsed);
        }
        catch
        {
            foreach (var chunk in chunks) chunk.Dispose();
            throw;
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
