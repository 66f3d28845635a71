using System.Buffers.Binary;
using System.IO.Compression;
using Millrace.Storage.Files;

namespace Millrace.Storage.Lake;

/// <summary>Compares a gzip file with its checksums and lengths (RFC 1952), which the framework's reader does not.</summary>
internal static class GzipCheck
{
    private const int HeaderSize = 10;
    private const int TrailerSize = 8;
    private const int Window = 256 * 1024;
    private const int HasHeaderCrc = 2;
    private const int HasExtra = 4;
    private const int HasName = 8;
    private const int HasComment = 16;

    /// <returns>The byte where it is not what was compressed, or where the piece ends that is not; null where all is.</returns>
    public static long? FirstFault(IFile file, CancellationToken stop)
    {
        // Nearly always one member, and nothing wrong with it. Where it is otherwise, it is read slowly, to know where one ends.
        var whole = MemberAt(new Feed(file, 0, Window), stop);
        return whole == file.Length ? null : Members(file, stop);
    }

    private static long? Members(IFile file, CancellationToken stop)
    {
        for (var at = 0L; at < file.Length || at == 0;)
        {
            var feed = new Feed(file, at, 1);
            if (MemberAt(feed, stop) is not { } end) return Math.Min(feed.Position, file.Length);
            at = end;
        }

        return null;
    }

    /// <returns>Where it ends, as far as it is right; with a feed of more than a byte, only if it is the last.</returns>
    private static long? MemberAt(Feed feed, CancellationToken stop)
    {
        if (!SkipHeader(feed)) return null;
        var (crc, bytes) = (0u, 0L);
        try
        {
            using var inflated = new DeflateStream(feed, CompressionMode.Decompress, leaveOpen: true);
            var buffer = new byte[Window];
            while (inflated.Read(buffer) is var read and > 0)
            {
                stop.ThrowIfCancellationRequested();
                crc = Crc32.Append(crc, buffer.AsSpan(0, read));
                bytes += read;
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }

        Span<byte> trailer = stackalloc byte[TrailerSize];
        if (feed.IsWide) feed.Position = feed.Length - TrailerSize;
        if (feed.Position < 0 || !feed.TryFill(trailer)) return null;
        return BinaryPrimitives.ReadUInt32LittleEndian(trailer) == crc && BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]) == unchecked((uint)bytes) ? feed.Position : null;
    }

    private static bool SkipHeader(Feed feed)
    {
        Span<byte> head = stackalloc byte[HeaderSize];
        if (!feed.TryFill(head) || head[0] != 0x1F || head[1] != 0x8B || head[2] != 8) return false;
        var flags = head[3];
        Span<byte> two = stackalloc byte[2];
        if ((flags & HasExtra) != 0)
        {
            if (!feed.TryFill(two)) return false;
            feed.Position += BinaryPrimitives.ReadUInt16LittleEndian(two);
        }

        if ((flags & HasName) != 0 && !SkipText(feed)) return false;
        if ((flags & HasComment) != 0 && !SkipText(feed)) return false;
        return (flags & HasHeaderCrc) == 0 || feed.TryFill(two);
    }

    private static bool SkipText(Feed feed)
    {
        Span<byte> one = stackalloc byte[1];
        while (feed.TryFill(one))
            if (one[0] == 0) return true;
        return false;
    }

    /// <summary>A file from a byte on, handed out so many bytes at a time.</summary>
    private sealed class Feed(IFile file, long from, int atOnce) : Stream
    {
        private readonly byte[] _window = new byte[Window];
        private long _windowAt;
        private int _windowLength;

        public bool IsWide => atOnce > 1;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => file.Length;

        public override long Position { get; set; } = from;

        public bool TryFill(Span<byte> into)
        {
            for (var done = 0; done < into.Length;)
            {
                var read = Read(into[done..]);
                if (read == 0) return false;
                done += read;
            }

            return true;
        }

        public override int Read(Span<byte> buffer)
        {
            if (Position < _windowAt || Position >= _windowAt + _windowLength) (_windowAt, _windowLength) = (Position, file.Read(Position, _window));
            var bytes = _window.AsSpan(0, _windowLength)[(int)(Position - _windowAt)..];
            bytes = bytes[..Math.Min(bytes.Length, Math.Min(buffer.Length, atOnce))];
            bytes.CopyTo(buffer);
            Position += bytes.Length;
            return bytes.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
