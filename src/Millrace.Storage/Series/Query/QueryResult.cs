using System.Buffers;
using System.Text.Json;
using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series.Query;

/// <summary>The rows of an answer, held in memory until disposed; the query itself is over.</summary>
public sealed class QueryResult : IDisposable
{
    private readonly List<AnswerRows> _parts;

    internal QueryResult(IReadOnlyList<QueryColumn> columns, List<AnswerRows> parts, bool truncated, TimeSpan elapsed)
    {
        Columns = columns;
        _parts = parts;
        Truncated = truncated;
        Elapsed = elapsed;
        foreach (var part in parts) Count += part.Count;
    }

    internal QueryResult(IReadOnlyList<QueryColumn> columns, List<DataChunk> chunks, bool truncated, TimeSpan elapsed)
        : this(columns, chunks.ConvertAll(chunk => (AnswerRows)new ChunkRows(columns, chunk)), truncated, elapsed)
    {
    }

    /// <summary>The parts of one answer as one, which owns their rows.</summary>
    internal static QueryResult Join(List<QueryResult> parts, QueryEnd end)
    {
        var joined = new QueryResult(parts[0].Columns, [.. parts.SelectMany(static part => part._parts)], end.Truncated, end.Elapsed);
        foreach (var part in parts) part._parts.Clear();
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
        foreach (var part in _parts)
        {
            for (var row = 0; row < part.Count; row++)
            {
                var values = new object?[Columns.Count];
                for (var column = 0; column < values.Length; column++) values[column] = part.Read(row, column);
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
        foreach (var part in _parts)
        {
            for (var row = 0; row < part.Count; row++)
            {
                json.WriteStartArray();
                for (var column = 0; column < Columns.Count; column++) part.WriteJson(json, row, column);
                json.WriteEndArray();
            }
        }
    }

    /// <summary>The same, with commas between the rows, where they are whole and there is a quicker way.</summary>
    /// <param name="output">Stands within the array.</param>
    /// <returns>False: nothing was written.</returns>
    public bool TryWriteRowsTo(IBufferWriter<byte> output) => _parts is [var only] && IsWhole && only.TryWriteRows(output);

    /// <summary>Writes each row as an object of its own.</summary>
    /// <param name="names">Of the columns, each once.</param>
    /// <param name="json">Is reset behind each row.</param>
    /// <param name="ended">Called behind each row.</param>
    public void WriteObjectsTo(IReadOnlyList<JsonEncodedText> names, Utf8JsonWriter json, Action ended)
    {
        foreach (var part in _parts)
        {
            for (var row = 0; row < part.Count; row++)
            {
                json.WriteStartObject();
                for (var column = 0; column < names.Count; column++)
                {
                    json.WritePropertyName(names[column]);
                    part.WriteJson(json, row, column);
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
        foreach (var part in _parts) part.Dispose();
        _parts.Clear();
    }
}
