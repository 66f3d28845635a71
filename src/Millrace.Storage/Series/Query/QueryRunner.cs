using System.Collections.Concurrent;
using Millrace.Contracts.Tables;
using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Outside;
using Millrace.Storage.Series.Query.Direct;
using Millrace.Storage.Series.Query.Planning;
using Millrace.Storage.Series.Scans;

namespace Millrace.Storage.Series.Query;

/// <summary>Runs people's queries: checked, planned, limited in number, time, memory and rows, each on a connection of its own. Any thread may ask.</summary>
internal sealed class QueryRunner : IDisposable
{
    private const int MaxTextLength = 1 << 20;
    private const string Explain = "EXPLAIN ";

    private readonly Func<Connection> _connect;
    private readonly Func<Connection, ScanScope> _begin;
    private readonly SeriesOptions _options;
    private readonly TimeProvider _clock;
    private readonly OutsideTables _outside;
    private readonly StatementCheck _check;
    private readonly QueryPlanner _planner;
    private readonly LookupAnswers _lookups;
    private readonly SemaphoreSlim _admitted;
    private readonly SemaphoreSlim _places;
    private readonly QueryThreads _threads;
    private readonly ConcurrentBag<Connection> _idle = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly long _memory;

    /// <param name="connect">Makes a connection.</param>
    /// <param name="begin">What a statement of a connection reads.</param>
    /// <param name="snapshot">A table as it is now.</param>
    /// <param name="options">Limits.</param>
    /// <param name="clock">Measures how long queries take.</param>
    /// <param name="tables">The store's.</param>
    /// <param name="outside">Tables beside them; disposed with this.</param>
    public QueryRunner(
        Func<Connection> connect,
        Func<Connection, ScanScope> begin,
        Func<SeriesTable, TableSnapshot> snapshot,
        SeriesOptions options,
        TimeProvider clock,
        SeriesTables tables,
        OutsideTables outside)
    {
        _connect = connect;
        _begin = begin;
        _options = options;
        _clock = clock;
        _outside = outside;
        _check = new StatementCheck(() => tables.All.Select(static table => table.Name), outside);
        _planner = new QueryPlanner(tables);
        _lookups = new LookupAnswers(_planner, snapshot);
        Limits = new QueryLimits(options.QueryRows, options.QueryBytes.Bytes);
        _admitted = new SemaphoreSlim(Admitted, Admitted);
        _places = new SemaphoreSlim(options.Queries, options.Queries);
        _threads = new QueryThreads(Admitted);
        _memory = Math.Max(1L << 30, options.MemoryLimit?.Bytes ?? (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4));
    }

    /// <summary>Queries that run or wait.</summary>
    public int Count => Admitted - _admitted.CurrentCount;

    // Those that run, wait for their turn, or wait for whoever reads their rows.
    private int Admitted => _options.Queries + _options.QueriesWaiting;

    /// <summary>What an answer may have that asks for nothing else.</summary>
    public QueryLimits Limits { get; }

    /// <summary>False: statements run as they are written, to compare.</summary>
    public bool Plans { get; set; } = true;

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
    public Task<QueryEnd> StreamAsync(string sql, QueryLimits limits, Action<QueryResult> rows, CancellationToken stop)
    {
        if (Plans && !stop.IsCancellationRequested && !_stopping.IsCancellationRequested && _lookups.TryAnswer(sql, limits, rows, _clock, stop) is { } answered)
            return Task.FromResult(answered);
        return TakeTurnAsync(sql, (turn, token) => Run(
            sql,
            null,
            (connection, text, query, watch) => QueryFetch.Run(connection, query, limits, rows, text.IsExplain ? NotesOf(text, query) : [], watch),
            turn,
            token), stop);
    }

    /// <summary>Runs it and writes its rows into a Parquet file, which must not be there; where it fails, none is left.</summary>
    /// <param name="sql">One SELECT.</param>
    /// <param name="limits">Only its rows count.</param>
    /// <param name="path">Absolute, where DuckDB may write.</param>
    /// <param name="stop">Ends the query.</param>
    /// <returns>How many rows it has.</returns>
    public Task<long> CopyAsync(string sql, QueryLimits limits, string path, CancellationToken stop) =>
        TakeTurnAsync(sql, (turn, token) => Run(
            sql,
            path,
            (connection, text, query, watch) =>
            {
                watch.ThrowIfStopped();
                if (text.IsExplain) throw new PlacedException(QueryError.Refused, "A plan is text, and no Parquet file.", null);
                using var copied = connection.Query(ParquetCopy.Statement(query.Sql, query.Statement, query.Names, limits.Rows, path));
                watch.ThrowIfStopped();
                return copied.Scalar();
            },
            turn,
            token), stop);

    /// <summary>A table is gone: what is kept for queries does not hold it any more.</summary>
    public void Forget() => _lookups.Forget();

    /// <summary>Stops what runs, and ends when it has.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        for (var i = 0; i < Admitted; i++) _admitted.Wait();
        _threads.Dispose();
        while (_idle.TryTake(out var connection)) connection.Dispose();
        _outside.Dispose();
    }

    private async Task<T> TakeTurnAsync<T>(string sql, Func<QueryTurn, CancellationToken, T> run, CancellationToken stop)
    {
        if (sql.Length > MaxTextLength) throw new QueryException(QueryError.Refused, $"The statement has {sql.Length} characters; at most {MaxTextLength} are taken.");

        // DuckDB's texts end there: what is checked and what is run must be the same.
        if (sql.Contains('\0', StringComparison.Ordinal)) throw new QueryException(QueryError.Syntax, "The statement has a zero character in it.");
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(stop, _stopping.Token);
        if (!_admitted.Wait(0, CancellationToken.None))
            throw new QueryException(QueryError.Busy, $"{_options.Queries} queries run and {_options.QueriesWaiting} wait; try again in a moment.");

        try
        {
            await _places.WaitAsync(linked.Token);
            using var turn = new QueryTurn(_places);
            return await _threads.RunAsync(() => run(turn, linked.Token));
        }
        catch (OperationCanceledException)
        {
            throw new QueryException(QueryError.Cancelled, "The query was cancelled.");
        }
        finally
        {
            _admitted.Release();
        }
    }

    private T Run<T>(string sql, string? file, Func<Connection, QueryText, PreparedQuery, QueryWatch, T> answer, QueryTurn turn, CancellationToken stop)
    {
        var connection = _idle.TryTake(out var idle) ? idle : _connect();
        try
        {
            using var scope = _begin(connection);
            using var watch = new QueryWatch(connection, scope, _clock, _options.QueryTime, _memory, turn, stop, file is null ? null : () => LengthOf(file) > _options.QuerySpill.Bytes);
            var text = new QueryText(sql);
            var prefix = !text.IsExplain ? "" : text.IsAnalyze ? Explain + "ANALYZE " : Explain;
            Splices? splices = null;
            try
            {
                var passed = _check.Check(connection, text, watch);

                // One transaction, so that the views when the statement is prepared are those when it runs.
                connection.Execute("BEGIN");
                using var query = Prepare(connection, passed, text, prefix, scope, ref splices);
                if (query.Statement.Kind is not (StatementKind.Select or StatementKind.Explain))
                    throw new PlacedException(QueryError.Refused, "Only a SELECT over tables can be run.", null);
                return answer(connection, text, query, watch);
            }
            catch (DuckDbException failed)
            {
                throw QueryErrors.Explain(failed, watch.Stopped, text, prefix.Length, splices, _options);
            }
            catch (PlacedException refused)
            {
                throw QueryErrors.Explain(refused, text);
            }
        }
        finally
        {
            GiveBack(connection);
        }
    }

    private PreparedQuery Prepare(Connection connection, CheckedStatement passed, QueryText text, string prefix, ScanScope scope, ref Splices? splices)
    {
        if (Plans && _planner.Plan(passed.Tree, text.Sql, scope, connection) is { } plan)
        {
            splices = plan.Splices;
            try
            {
                var planned = connection.Prepare(prefix + plan.Sql);
                return new PreparedQuery(planned, plan.Sql, plan.Renames && !plan.IsNeeded && !text.IsExplain ? NamesOf(connection, text.Sql) : NamesOf(planned), plan);
            }
            catch (DuckDbException) when (plan.Splices.Any && !plan.IsNeeded)
            {
                splices = null;

                // As it is written it is right, or wrong in words and at a place that its writer knows.
                connection.Execute("ROLLBACK");
                connection.Execute("BEGIN");
            }
        }

        var statement = connection.Prepare(prefix + text.Sql);
        return new PreparedQuery(statement, text.Sql, NamesOf(statement), null);
    }

    private List<string> NotesOf(QueryText text, PreparedQuery query) =>
        [.. query.Plan?.Notes ?? [], .. _lookups.IsLookup(text.Sql) ? ["looked up directly, without the engine, where it is not too much"] : (string[])[]];

    private static string[] NamesOf(Connection connection, string sql)
    {
        using var asked = connection.Prepare(sql);
        return NamesOf(asked);
    }

    private static string[] NamesOf(Statement statement)
    {
        var names = new string[statement.Columns];
        for (var i = 0; i < names.Length; i++) names[i] = statement.ColumnName(i);
        return names;
    }

    private static long LengthOf(string file) => new FileInfo(file) is { Exists: true } info ? info.Length : 0;

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
}
