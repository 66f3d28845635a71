using System.Text.Json;
using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series.Query;

/// <summary>Rows of an answer in DuckDB's memory.</summary>
internal sealed class ChunkRows : AnswerRows
{
    private readonly IReadOnlyList<QueryColumn> _columns;
    private readonly DataChunk _chunk;
    private readonly Vector[] _vectors;

    /// <param name="columns">Of the answer.</param>
    /// <param name="chunk">Owned by this.</param>
    public ChunkRows(IReadOnlyList<QueryColumn> columns, DataChunk chunk)
    {
        (_columns, _chunk, Count) = (columns, chunk, chunk.Count);
        _vectors = new Vector[columns.Count];
        for (var i = 0; i < _vectors.Length; i++) _vectors[i] = chunk.Vector(i);
    }

    public override int Count { get; }

    public override object? Read(int row, int column) => QueryValue.Read(_columns[column], _vectors[column], row);

    public override void WriteJson(Utf8JsonWriter json, int row, int column) => QueryValue.WriteJson(json, _columns[column], _vectors[column], row);

    public override void Dispose() => _chunk.Dispose();
}
