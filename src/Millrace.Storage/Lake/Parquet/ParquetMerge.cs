using System.IO.Compression;
using Millrace.Contracts.Tables;

namespace Millrace.Storage.Lake.Parquet;

/// <summary>Puts the rows of several files into one, in their order. A column that a file has not is null there.</summary>
internal static class ParquetMerge
{
    /// <param name="files">Each from its beginning.</param>
    /// <param name="compression">Of the pages.</param>
    /// <param name="merged">How many were put together, from the first on: one whose columns have other types, or that is none of ours, ends it.</param>
    /// <returns>The caller's to dispose; null where there are not two.</returns>
    public static ChunkStream? Of(IReadOnlyList<ChunkStream> files, CompressionLevel compression, out int merged)
    {
        var columns = new List<(string Name, MeasureType Type)>();
        var readers = new List<ParquetReader>();
        foreach (var file in files)
        {
            if (Reader(file) is not { } reader || !TryJoin(columns, reader.Columns)) break;
            readers.Add(reader);
        }

        merged = readers.Count;
        if (merged < 2) return null;
        var content = new ChunkStream();
        try
        {
            var writer = new ParquetWriter(content, columns, compression);
            foreach (var reader in readers) writer.Append(reader);
            writer.Finish();
            return content;
        }
        catch (Exception damaged) when (damaged is InvalidDataException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            content.Dispose();
            merged = 0;
            return null;
        }
    }

    private static ParquetReader? Reader(ChunkStream file)
    {
        try
        {
            var bytes = new byte[file.Length];
            file.Position = 0;
            file.ReadExactly(bytes);
            return new ParquetReader(bytes);
        }
        catch (Exception foreign) when (foreign is InvalidDataException or OverflowException)
        {
            return null;
        }
    }

    private static bool TryJoin(List<(string Name, MeasureType Type)> columns, IReadOnlyList<(string Name, MeasureType Type)> more)
    {
        var known = columns.ToDictionary(static column => column.Name, static column => column.Type, StringComparer.Ordinal);
        var added = more.Where(column => !known.ContainsKey(column.Name)).ToList();
        if (more.Any(column => known.TryGetValue(column.Name, out var type) && type != column.Type) || known.Count + added.Count > RowSchema.MostColumns) return false;
        columns.AddRange(added);
        return true;
    }
}
