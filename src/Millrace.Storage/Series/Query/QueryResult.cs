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

    public IReadOnlyList<QueryColumn> Columns { get; }

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>There were more rows than an answer may have.</summary>
    public bool Truncated { get; }

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

    /// <summary>Writes the properties <c>columns</c> and <c>rows</c> of the object that <paramref name="json"/> is in.</summary>
    /// <param name="json">Receives them.</param>
    /// <param name="written">Called now and then between rows, so that a long answer can be sent on its way.</param>
    public async Task WriteToAsync(Utf8JsonWriter json, Func<Task>? written = null)
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
        json.WriteStartArray("rows");
        foreach (var chunk in _chunks)
        {
            WriteRows(json, chunk);
            if (written is not null) await written();
        }

        json.WriteEndArray();
    }

    public void Dispose()
    {
        foreach (var chunk in _chunks) chunk.Dispose();
        _chunks.Clear();
    }

    private void WriteRows(Utf8JsonWriter json, DataChunk chunk)
    {
        var vectors = Vectors(chunk);
        for (var row = 0; row < chunk.Count; row++)
        {
            json.WriteStartArray();
            for (var column = 0; column < vectors.Length; column++) QueryValue.WriteJson(json, Columns[column], vectors[column], row);
            json.WriteEndArray();
        }
    }

    private Vector[] Vectors(DataChunk chunk)
    {
        var vectors = new Vector[Columns.Count];
        for (var i = 0; i < vectors.Length; i++) vectors[i] = chunk.Vector(i);
        return vectors;
    }
}
