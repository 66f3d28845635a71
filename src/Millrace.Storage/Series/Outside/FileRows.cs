using System.Buffers;
using System.Globalization;
using Millrace.Storage.DuckDb;
using Millrace.Storage.Series.Query;

namespace Millrace.Storage.Series.Outside;

/// <summary>Rows of a Parquet or CSV file anywhere on this machine, for a program that its owner runs; queries of a server have no part in this.</summary>
public sealed class FileRows : IDisposable
{
    private static readonly SearchValues<char> Patterns = SearchValues.Create("*?[]{}");

    private readonly Database _database = Database.Open(
    [
        ("autoinstall_known_extensions", "false"), ("autoload_known_extensions", "false"), ("allow_community_extensions", "false"),
        ("threads", Math.Min(4, Environment.ProcessorCount).ToString(CultureInfo.InvariantCulture)), ("memory_limit", "1GiB"),
    ]);

    private readonly Connection _connection;

    public FileRows() => _connection = _database.Connect();

    /// <summary>The columns of a Parquet file, those among them that its path tells (<c>key=value</c>).</summary>
    /// <exception cref="IOException">It is no Parquet file.</exception>
    public IReadOnlyList<(string Name, string Type)> ColumnsOf(string parquet, bool hive)
    {
        using var statement = Prepare($"SELECT * FROM {Parquet(parquet, hive)}", parquet);
        return [.. Enumerable.Range(0, statement.Columns).Select(i => (statement.ColumnName(i), TypeOf(statement.ColumnType(i))))];
    }

    /// <summary>Hands out the rows of a Parquet file. Times are nanoseconds since 1970; what is neither number, text, truth nor time is text.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public long ReadParquet(string path, bool hive, Action<QueryResult> rows)
    {
        using var asked = Prepare($"SELECT * FROM {Parquet(path, hive)}", path);
        var columns = Enumerable.Range(0, asked.Columns).Select(i =>
        {
            var name = SeriesSql.Quote(asked.ColumnName(i));
            return asked.ColumnType(i) switch
            {
                ColumnType.Timestamp or ColumnType.TimestampS or ColumnType.TimestampMs or ColumnType.TimestampNs or ColumnType.TimestampTz or ColumnType.Date => $"epoch_ns({name}) AS {name}",
                var type when QueryColumn.IsPlain(type) => name,
                var type when QueryColumn.MakesJson(type) => $"to_json({name})::VARCHAR AS {name}",
                _ => $"{name}::VARCHAR AS {name}",
            };
        });
        return Read($"SELECT {string.Join(", ", columns)} FROM {Parquet(path, hive)}", path, rows);
    }

    /// <summary>Hands out the rows of a CSV file without a heading as text, and columns of its path behind them.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="IOException">It cannot be read, with its line where there is one.</exception>
    public long ReadCsv(string path, IReadOnlyList<string> columns, bool heading, Action<QueryResult> rows)
    {
        var names = string.Join(", ", columns.Select(static name => $"{SeriesSql.Literal(name)}: 'VARCHAR'"));
        var head = heading ? "true" : "false";
        return Read(
            $"SELECT * FROM read_csv({SeriesSql.Literal(Plain(path))}, auto_detect = false, header = {head}, delim = ',', quote = '\"', escape = '\"', columns = {{{names}}}, hive_partitioning = true, hive_types_autocast = false)",
            path,
            rows);
    }

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }

    private static string TypeOf(ColumnType type) => type switch
    {
        ColumnType.Boolean => "boolean",
        ColumnType.TinyInt or ColumnType.SmallInt or ColumnType.Integer or ColumnType.BigInt or ColumnType.UTinyInt or ColumnType.USmallInt or ColumnType.UInteger => "bigint",
        ColumnType.Float or ColumnType.Double or ColumnType.Decimal or ColumnType.UBigInt or ColumnType.HugeInt => "double",
        ColumnType.Timestamp or ColumnType.TimestampS or ColumnType.TimestampMs or ColumnType.TimestampNs or ColumnType.TimestampTz or ColumnType.Date => "timestamp",
        _ => "varchar",
    };

    private static string Parquet(string path, bool hive) => $"read_parquet({SeriesSql.Literal(Plain(path))}, hive_partitioning = {(hive ? "true, hive_types_autocast = false" : "false")})";

    // DuckDB would take these for a pattern.
    private static string Plain(string path) => path.AsSpan().IndexOfAny(Patterns) < 0 ? path : throw new IOException($"{path} has one of * ? [ ] {{ }} in its path; rename it");

    private long Read(string sql, string path, Action<QueryResult> rows)
    {
        using var statement = Prepare(sql, path);
        try
        {
            using var result = statement.Stream();
            var columns = Enumerable.Range(0, result.Columns).Select(i =>
            {
                var (type, scale, carrier) = result.ColumnType(i);
                return new QueryColumn(result.ColumnName(i), type, type, scale, carrier);
            }).ToList();
            var count = 0L;
            while (result.Fetch() is { } chunk)
            {
                count += chunk.Count;
                using var part = new QueryResult(columns, [chunk], truncated: false, TimeSpan.Zero);
                rows(part);
            }

            return count;
        }
        catch (DuckDbException broken)
        {
            throw Unreadable(path, broken);
        }
    }

    private Statement Prepare(string sql, string path)
    {
        try
        {
            return _connection.Prepare(sql);
        }
        catch (DuckDbException broken)
        {
            throw Unreadable(path, broken);
        }
    }

    private static IOException Unreadable(string path, DuckDbException broken) =>
        new($"{path} cannot be read: {string.Join(' ', broken.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeWhile(static line => !line.StartsWith("LINE ", StringComparison.Ordinal)).Take(3))}", broken);
}
