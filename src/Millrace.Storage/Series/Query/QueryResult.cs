using System.Text.Json;
using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series.Query;

/// <summary>The rows of an answer, held in DuckDB's memory until disposed; the query itself is over.</summary>
public sealed class QueryResult : IDisposable
{
    private readonly List<DataChunk> _chunks;

    internal QueryResult(IReadOnlyList<QueryColumn> columns, List<DataChunk> chunks, bool truncated, TimeSpan elapsed)
    {
        Columns = columns;
        _chunks = chunks;
        Truncated = truncated;
        Elapsed = elapsed;
        Count = chunks.Sum(static chunk => chunk.Count);
    }

    /// <summary>The parts of one answer as one, which owns their rows.</summary>
    internal static QueryResult Join(List<QueryResult> parts, QueryEnd end)
    {
        var joined = new QueryResult(parts[0].Columns, [.. parts.SelectMany(static part => part._chunks)], end.Truncated, end.Elapsed);
        foreach (var part in parts) part._chunks.Clear();
        return joined;
    }

    public IReadOnlyList<QueryColumn> Columns { get; }

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>There were more rows than an answer may have.</summary>
    public bool Truncated { get; }

    /// <summary>All rows of the answer, in memory: whoever takes them may keep them, and need not wait for a reader.</summary>
    public bool IsWhole { get; init; }

    /// <summary>How long the query took, waiting for its turn not counted.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>Values are bool, long, double or string, and null. Times are text, with nine digits after the second; lists, structs and maps are JSON text.</summary>
    public IEnumerable<object?[]> Rows()
    {
        foreach (var chunk in _chunks)
        {
            var vectors = Vectors(chunk);
            for (var row = 0; row < chunk.Count; row++)
            {
                var values = new object?[vectors.Length];
                for (var column = 0; column < vectors.Length; column++) values[column] = QueryValue.Read(Columns[column], vectors[column], row);
                yield return values;
            }
        }
    }

    /// <summary>Writes the property <c>columns</c> of the object that <paramref name="json"/> is in.</summary>
    public void WriteColumnsTo(Utf8JsonWriter json)
    {
        json.WriteStartArray("columns");
        foreach (var column in Columns)
        {
            json.WriteStartObject();
            json.WriteString("name", column.Name);
            json.WriteString("type", column.Type);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes each row as an array into the array that <paramref name="json"/> is in.</summary>
    public void WriteRowsTo(Utf8JsonWriter json)
    {
        foreach (var chunk in _chunks)
        {
            var vectors = Vectors(chunk);
            for (var row = 0; row < chunk.Count; row++)
            {
                json.WriteStartArray();
                for (var column = 0; column < vectors.Length; column++) QueryValue.WriteJson(json, Columns[column], vectors[column], row);
                json.WriteEndArray();
            }
        }
    }

    /// <summary>Writes each row as an object of its own.</summary>
    /// <param name="names">Of the columns, each once.</param>
    /// <param name="json">Is reset behind each row.</param>
    /// <param name="ended">Called behind each row.</param>
    public void WriteObjectsTo(IReadOnlyList<JsonEncodedText> names, Utf8JsonWriter json, Action ended)
    {
        foreach (var chunk in _chunks)
        {
            var vectors = Vectors(chunk);
            for (var row = 0; row < chunk.Count; row++)
            {
                json.WriteStartObject();
                for (var column = 0; column < vectors.Length; column++)
                {
                    json.WritePropertyName(names[column]);
                    QueryValue.WriteJson(json, Columns[column], vectors[column], row);
                }

                json.WriteEndObject();
                json.Flush();
                ended();
                json.Reset();
            }
        }
    }

    public void Dispose()
    {
        foreach (var chunk in _chunks) chunk.Dispose();
        _chunks.Clear();
    }

    private Vector[] Vectors(DataChunk chunk)
    {
        var vectors = new Vector[Columns.Count];
        for (var i = 0; i < vectors.Length; i++) vectors[i] = chunk.Vector(i);
        return vectors;
    }
}
