using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series.Query;

/// <summary>Fetches the rows of a statement and hands them out.</summary>
internal static class QueryFetch
{
    /// <param name="connection">The query's.</param>
    /// <param name="query">The statement.</param>
    /// <param name="limits">Of the answer.</param>
    /// <param name="rows">Gets them in parts, at least one.</param>
    /// <param name="notes">Rows that are added to a plan; else none.</param>
    /// <param name="watch">Of the query.</param>
    public static QueryEnd Run(Connection connection, PreparedQuery query, QueryLimits limits, Action<QueryResult> rows, IReadOnlyList<string> notes, QueryWatch watch)
    {
        if (IsPlain(query.Statement)) return Fetch(query.Statement, query, limits, rows, notes, watch);
        using var statement = AsText(connection, query);
        return Fetch(statement, query, limits, rows, notes, watch);
    }

    private static bool IsPlain(Statement statement)
    {
        for (var i = 0; i < statement.Columns; i++)
            if (!QueryColumn.IsPlain(statement.ColumnType(i))) return false;
        return true;
    }

    // Lists, structs and rare types: DuckDB turns them into JSON or text, so that only plain columns are read here.
    private static Statement AsText(Connection connection, PreparedQuery query)
    {
        var names = Enumerable.Range(0, query.Statement.Columns).Select(static i => $"c{i}").ToList();
        var columns = names.Select((name, i) => query.Statement.ColumnType(i) switch
        {
            var type when QueryColumn.IsPlain(type) => name,
            var type when QueryColumn.MakesJson(type) => $"to_json({name})::VARCHAR",
            _ => $"{name}::VARCHAR",
        });
        return connection.Prepare($"SELECT {string.Join(", ", columns)} FROM (\n{query.Sql}\n) q({string.Join(", ", names)})");
    }

    private static QueryEnd Fetch(Statement statement, PreparedQuery query, QueryLimits limits, Action<QueryResult> rows, IReadOnlyList<string> notes, QueryWatch watch)
    {
        watch.ThrowIfStopped();
        using var result = statement.Stream();
        var columns = new List<QueryColumn>(result.Columns);
        for (var i = 0; i < result.Columns; i++)
        {
            var (type, scale, carrier) = result.ColumnType(i);
            columns.Add(new QueryColumn(query.Names[i], query.Statement.ColumnType(i), type, scale, carrier));
        }

        var (count, bytes, truncated, parts) = (0L, 0L, false, 0);
        if (notes.Count > 0) Hand([Notes(notes)]);
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

    // EXPLAIN's columns are the kind of plan and its text.
    private static DataChunk Notes(IReadOnlyList<string> notes)
    {
        var chunk = DataChunk.Create([ColumnType.Varchar, ColumnType.Varchar]);
        var output = new OutputChunk(chunk.DangerousGetHandle());
        var (kinds, texts) = (output[0].Texts([], notes.Count), output[1].Texts([], notes.Count));
        for (var i = 0; i < notes.Count; i++)
        {
            kinds.Set(i, "reads"u8);
            texts.Set(i, System.Text.Encoding.UTF8.GetBytes(notes[i]));
        }

        chunk.Count = notes.Count;
        return chunk;
    }

    /// <summary>About the bytes that rows take in memory.</summary>
    public static long Bytes(IReadOnlyList<QueryColumn> columns, DataChunk chunk)
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
