namespace Millrace.Storage.Lake.Parquet;

/// <summary>Rows that stand together in a file, column by column.</summary>
internal sealed record ParquetGroup(int Rows, IReadOnlyList<ParquetChunk> Chunks);
