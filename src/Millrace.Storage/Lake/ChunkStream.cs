using System.Buffers;
using Millrace.Storage.Files;

namespace Millrace.Storage.Lake;

/// <summary>Pooled memory: what is written goes to its end, and its position is that of reading.</summary>
internal sealed class ChunkStream : Stream
{
    private const int ChunkSize = 64 * 1024;

    private readonly List<byte[]> _chunks = [];
    private int _used = ChunkSize;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => true;
    public override long Length => ((long)_chunks.Count * ChunkSize) - (ChunkSize - _used);

    public override long Position { get; set; }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_used == ChunkSize)
            {
                _chunks.Add(ArrayPool<byte>.Shared.Rent(ChunkSize));
                _used = 0;
            }

            var part = buffer[..Math.Min(buffer.Length, ChunkSize - _used)];
            part.CopyTo(_chunks[^1].AsSpan(_used));
            _used += part.Length;
            buffer = buffer[part.Length..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(buffer.Span);
        return default;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        var length = (int)Math.Min(Math.Min(buffer.Length, Length - Position), ChunkSize - (Position % ChunkSize));
        if (length <= 0) return 0;
        _chunks[(int)(Position / ChunkSize)].AsSpan((int)(Position % ChunkSize), length).CopyTo(buffer);
        Position += length;
        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public void CopyTo(IFile file)
    {
        for (var i = 0; i < _chunks.Count; i++) file.Write((long)i * ChunkSize, Chunk(i));
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        foreach (var chunk in _chunks) ArrayPool<byte>.Shared.Return(chunk);
        _chunks.Clear();
        _used = ChunkSize;
        base.Dispose(disposing);
    }

    private ReadOnlySpan<byte> Chunk(int i) => _chunks[i].AsSpan(0, i == _chunks.Count - 1 ? _used : ChunkSize);
}
