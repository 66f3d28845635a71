using System.Buffers;

namespace Millrace.Mqtt.Client;

/// <summary>What came from the server and is not read yet, in one piece of pooled memory.</summary>
internal sealed class IncomingBytes(Stream stream, int maxPacketSize) : IDisposable
{
    private readonly PacketReader _packets = new(maxPacketSize);
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(2048);
    private int _start;
    private int _end;

    public ReasonCode Reason => _packets.Reason;

    /// <returns>False at the end of the stream; then the memory is given back.</returns>
    public async ValueTask<bool> FillAsync()
    {
        MakeRoom();
        var count = 0;
        try
        {
            count = await stream.ReadAsync(_bytes.AsMemory(_end)).ConfigureAwait(false);
        }
        finally
        {
            if (count == 0) Dispose();
        }

        _end += count;
        return count > 0;
    }

    /// <summary>Only while nobody fills or reads.</summary>
    public void Dispose()
    {
        _packets.Dispose();
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _start, _end) = ([], 0, 0);
    }

    public Decode Read(out Packet packet)
    {
        var rest = (ReadOnlySpan<byte>)_bytes.AsSpan(_start, _end - _start);
        var found = _packets.Read(ref rest, out packet);
        _start = _end - rest.Length;
        return found;
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_start > 0)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }

        // Full and not a packet: it is larger, and PacketReader has seen that it is not too large.
        if (_end < _bytes.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
        _bytes.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
