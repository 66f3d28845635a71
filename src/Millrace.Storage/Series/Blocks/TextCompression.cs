using System.IO.Compression;

namespace Millrace.Storage.Series.Blocks;

/// <summary>Brotli, where it pays.</summary>
internal static class TextCompression
{
    // Below, its own beginning costs as much as it saves.
    private const int FewestBytes = 128;

    // Faster ones find little in a few kilobytes; slower ones find hardly more.
    private const int Quality = 5;
    private const int Window = 20;

    /// <param name="bytes">What to compress.</param>
    /// <param name="into">As long as the bytes.</param>
    /// <returns>How many bytes it became; 0 where it saves less than an eighth.</returns>
    public static int TryCompress(ReadOnlySpan<byte> bytes, Span<byte> into) =>
        bytes.Length >= FewestBytes && BrotliEncoder.TryCompress(bytes, into[..(bytes.Length * 7 / 8)], out var written, Quality, Window) ? written : 0;

    /// <param name="bytes">All that was compressed.</param>
    /// <param name="into">As long as it was.</param>
    /// <exception cref="InvalidDataException">It does not become so long.</exception>
    public static void Decompress(ReadOnlySpan<byte> bytes, Span<byte> into)
    {
        if (!BrotliDecoder.TryDecompress(bytes, into, out var written) || written != into.Length) ByteParser.Broken("its texts cannot be decompressed");
    }
}
