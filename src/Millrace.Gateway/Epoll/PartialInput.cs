using System.Buffers;

namespace Millrace.Gateway.Epoll;

/// <summary>What arrived and is not used up yet: the start of a packet, or all that a connection that waits has not looked at.</summary>
/// <remarks>In rented memory, only while there is any.</remarks>
internal struct PartialInput
{
    // A rest up to this is copied in front of what the loop receives next; behind a longer one it is received, so that no byte is moved often.
    private const int MostCopied = 4 * 1024;

    private byte[]? _bytes;
    private int _start;
    private int _length;

    public readonly bool IsEmpty => _length == 0;

    public readonly ArraySegment<byte> Rest => new(_bytes ?? [], _start, _length);

    /// <summary>Where the next bytes go, with the rest in front of them.</summary>
    /// <param name="shared">The loop's buffer.</param>
    /// <param name="start">Where the rest begins.</param>
    /// <param name="end">Where it ends.</param>
    public byte[] Prepare(byte[] shared, out int start, out int end)
    {
        if (_length <= MostCopied)
        {
            Rest.AsSpan().CopyTo(shared);
            (start, end) = (0, _length);
            return shared;
        }

        if (_bytes!.Length - _start - _length < MostCopied) Move(Math.Max(_length * 2, MostCopied * 2));
        (start, end) = (_start, _start + _length);
        return _bytes;
    }

    /// <summary>Keeps what is left of the bytes that <see cref="Prepare"/> gave a place to, or of the rest itself.</summary>
    public void Keep(byte[] bytes, int start, int length)
    {
        if (length == 0)
        {
            Drop();
        }
        else if (bytes == _bytes)
        {
            (_start, _length) = (start, length);
        }
        else
        {
            if (_bytes is null || _bytes.Length < length)
            {
                Drop();
                _bytes = ArrayPool<byte>.Shared.Rent(length);
            }

            bytes.AsSpan(start, length).CopyTo(_bytes);
            (_start, _length) = (0, length);
        }
    }

    public void Drop()
    {
        if (_bytes is not null) ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _start, _length) = (null, 0, 0);
    }

    private void Move(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(size);
        Rest.AsSpan().CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes!);
        (_bytes, _start) = (larger, 0);
    }
}
