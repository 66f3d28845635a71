using System.Buffers;
using System.IO.Compression;
using Millrace.Storage.Lake.Parquet;

namespace Millrace.Storage.Lake;

/// <summary>Makes gathered lines into a Parquet file, once all are known and with them the columns.</summary>
internal static class RowFile
{
    private const int FirstBuffer = 64 * 1024;

    /// <param name="lines">gzip; one JSON object a line.</param>
    /// <param name="schema">Learned from all of them.</param>
    /// <param name="compression">Of the pages.</param>
    /// <returns>The caller's to dispose.</returns>
    public static ChunkStream Of(ChunkStream lines, RowSchema schema, CompressionLevel compression)
    {
        var file = new ChunkStream();
        var writer = new ParquetWriter(file, schema.Columns(), compression);
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        lines.Position = 0;
        using (var unzipped = new GZipStream(lines, CompressionMode.Decompress, leaveOpen: true))
        {
            var used = 0;
            for (var read = unzipped.Read(buffer); read > 0; read = unzipped.Read(buffer.AsSpan(used)))
            {
                var text = buffer.AsSpan(0, used + read);
                for (var end = text.IndexOf((byte)'\n'); end >= 0; end = text.IndexOf((byte)'\n'))
                {
                    writer.Add(text[..end]);
                    text = text[(end + 1)..];
                }

                used = text.Length;
                text.CopyTo(buffer);
                if (used == buffer.Length) buffer = Larger(buffer);
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
        writer.Finish();
        return file;
    }

    private static byte[] Larger(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
