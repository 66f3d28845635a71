namespace Millrace.Storage.DuckDb;

/// <summary>A chunk of DuckDB's that a <see cref="IRowReader"/> fills, during one call.</summary>
internal readonly struct OutputChunk(nint chunk)
{
    private readonly nint _chunk = chunk;

    public OutputVector this[int column] => new(Native.ChunkVector(_chunk, (ulong)column));
}
