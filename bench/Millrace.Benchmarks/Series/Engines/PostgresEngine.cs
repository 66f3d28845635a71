using System.Globalization;
using System.Net;
using Millrace.Benchmarks.Series.Data;
using Millrace.Benchmarks.Series.Questions;
using Millrace.Benchmarks.Stacks;
using Millrace.Contracts;
using Npgsql;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>PostgreSQL with the suite's tables and indexes, set up for two processors and 4 GB of memory; it syncs as it always does.</summary>
internal sealed class PostgresEngine : IEngine
{
    private const string User = "bench";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    // What people who look after PostgreSQL give it on such a machine. jit: compiling would cost these queries more than it brings.
    private static readonly string[] Settings =
    [
        "shared_buffers=1GB", "effective_cache_size=3GB", "work_mem=64MB", "maintenance_work_mem=512MB", "max_wal_size=4GB", "checkpoint_timeout=15min",
        "random_page_cost=1.1", "effective_io_concurrency=200", "max_parallel_workers_per_gather=2", "max_parallel_workers=2", "jit=off", "timezone=UTC",
        "unix_socket_directories=", "listen_addresses=127.0.0.1", "logging_collector=off",
    ];

    private readonly string _connect;
    private NpgsqlConnection? _open;

    public ChildProcess Process { get; }

    public int BatchRows => 10_000;

    private PostgresEngine(string directory, IPEndPoint server)
    {
        // The same text twice is prepared: then its plan is kept, as applications that ask often have it.
        _connect = string.Create(CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={server.Port};Username={User};Database=postgres;Pooling=false;Max Auto Prepare=100;Auto Prepare Min Usages=2;Command Timeout=600");
        string[] words = ["-D", directory, "-p", server.Port.ToString(CultureInfo.InvariantCulture), .. Settings.SelectMany(static s => new[] { "-c", s })];
        Process = PostgresPrograms.Start("postgres", words);
    }

    public static async Task<IEngine> StartAsync(string directory, CancellationToken stop)
    {
        if (!File.Exists(Path.Combine(directory, "PG_VERSION"))) await PostgresPrograms.CreateAsync(directory, User, stop);
        var engine = new PostgresEngine(directory, Loopback.FreePorts(1)[0]);
        try
        {
            await engine.Process.UntilAsync(() => engine.OpensAsync(stop), StartLimit, stop);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    public Task<string> VersionAsync(CancellationToken stop) => Task.FromResult(_open!.ServerVersion.Split(' ')[0]);

    public async Task CreateTablesAsync(CancellationToken stop)
    {
        var tags = TagSets.Names.Select(static (name, i) => $"{name} {(i < TagSets.FirstNumber ? "text" : "double precision")}");
        await RunAsync($"CREATE TABLE tags (id int PRIMARY KEY, {string.Join(", ", tags)})", stop);
        await RunAsync("CREATE INDEX ON tags (name)", stop);
        await RunAsync("CREATE INDEX ON tags (fleet)", stop);
        foreach (var table in TruckTable.All)
        {
            var columns = table.Columns.Select(static c => $"{c.Name} {(c.IsInteger ? "bigint" : "double precision")}");
            await RunAsync($"CREATE TABLE {table.Name} (time timestamptz NOT NULL, tags_id int NOT NULL, {string.Join(", ", columns)})", stop);
            await RunAsync($"CREATE INDEX ON {table.Name} (tags_id, time DESC)", stop);
            await RunAsync($"CREATE INDEX ON {table.Name} (time DESC)", stop);
        }
    }

    public IRowSender OpenSender(TagSets tagSets) => new PostgresSender(_connect);

    public async Task SettleAsync(TagSets tagSets, IReadOnlyList<int> seen, CancellationToken stop)
    {
        await using (var copy = await _open!.BeginTextImportAsync("COPY tags FROM STDIN", stop))
            foreach (var set in seen) await copy.WriteAsync($"{set}\t{string.Join('\t', tagSets.Values(set).Select(static v => v ?? "\\N"))}\n");
        await RunAsync("VACUUM (ANALYZE)", stop);
        await RunAsync("CHECKPOINT", stop);
    }

    public async Task<long> CountAsync(TruckTable table, CancellationToken stop)
    {
        await using var command = Command($"SELECT count({table.Columns[0].Name}) FROM {table.Name}");
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }

    public async Task<IReadOnlyDictionary<string, long>> SizesAsync(CancellationToken stop)
    {
        await using var command = Command(
            "SELECT sum(pg_table_size(oid))::bigint, sum(pg_indexes_size(oid))::bigint FROM pg_class WHERE relname IN ('readings', 'diagnostics', 'tags')");
        await using var reader = await command.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return new Dictionary<string, long> { ["tables"] = reader.GetInt64(0), ["indexes"] = reader.GetInt64(1) };
    }

    public bool IsTable(string kind) => true;

    public async Task StopAsync()
    {
        if (_open is not null) await _open.DisposeAsync();
        await Process.StopAsync();
    }

    public string? WhyNot(Question question) => null;

    public Action Prepare(Question question, Parameters parameters)
    {
        var command = Command(PostgresSql.Of(question, parameters));
        return () =>
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                // What it says was checked before.
            }
        };
    }

    public async Task<Answer> AskAsync(Question question, Parameters parameters, CancellationToken stop)
    {
        var sql = PostgresSql.Of(question, parameters);
        try
        {
            await using var command = Command(sql);
            await using var reader = await command.ExecuteReaderAsync(stop);
            var rows = new List<object?[]>();
            while (await reader.ReadAsync(stop)) rows.Add([.. question.Columns.Select((kind, i) => reader.IsDBNull(i) ? null : Value(reader, i, kind))]);
            return new Answer(rows, question.Columns);
        }
        catch (PostgresException e)
        {
            throw new FaultException(Fault.Refused, $"{sql}: {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Killed, it would leave shared memory behind.
            if (!Process.HasExited) await StopAsync();
        }
        catch (FaultException)
        {
            // Then it is killed all the same.
        }

        await Process.DisposeAsync();
    }

    private static object Value(NpgsqlDataReader reader, int column, ColumnKind kind) => kind switch
    {
        ColumnKind.Text => reader.GetString(column),
        ColumnKind.Time => new DateTimeOffset(reader.GetDateTime(column)).ToUnixTimeSeconds(),
        _ => Convert.ToDouble(reader.GetValue(column), CultureInfo.InvariantCulture),
    };

    private NpgsqlCommand Command(string sql) => new(sql, _open);

    private async Task RunAsync(string sql, CancellationToken stop)
    {
        await using var command = Command(sql);
        await command.ExecuteNonQueryAsync(stop);
    }

    private async Task<bool> OpensAsync(CancellationToken stop)
    {
        var connection = new NpgsqlConnection(_connect);
        try
        {
            await connection.OpenAsync(stop);
            _open = connection;
            return true;
        }
        catch (NpgsqlException)
        {
            await connection.DisposeAsync();
            return false; // not listening yet
        }
    }
}
