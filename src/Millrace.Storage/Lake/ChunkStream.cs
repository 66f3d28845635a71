using System.Buffers;
using Millrace.Storage.Files;

namespace Millrace.Storage.Lake;

/// <summary>Takes what is written to it into pooled memory, until it is copied to a file.</summary>
internal sealed class ChunkStream : Stream
{
    private const int ChunkSize = 64 * 1024;

    private readonly List<byte[]> _chunks = [];
    private int _used = ChunkSize;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => ((long)_chunks.Count * ChunkSize) - (ChunkSize - _used);

    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException();
    }

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

    public void CopyTo(IFile file)
    {
        for (var i = 0; i < _chunks.Count; i++)
        {
            var length = i == _chunks.Count - 1 ? _used : ChunkSize;
            file.Write((long)i * ChunkSize, _chunks[i].AsSpan(0, length));
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        foreach (var chunk in _chunks) ArrayPool<byte>.Shared.Return(chunk);
        _chunks.Clear();
        _used = ChunkSize;
        base.Dispose(disposing);
    }
}
