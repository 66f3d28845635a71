using System.Buffers;

namespace Millrace.Gateway.Connections;

/// <summary>Output taken from a session. The taker writes it, then releases it.</summary>
public readonly struct OutputBytes
{
    private readonly byte[] _bytes;
    private readonly int _length;

    internal OutputBytes(byte[] bytes, int length) => (_bytes, _length) = (bytes, length);

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

    /// <summary>Gives the memory back. Once.</summary>
    public void Release() => ArrayPool<byte>.Shared.Return(_bytes);
}
