using System.Net;
using System.Net.Sockets;
using Millrace.Mqtt;

namespace Millrace.SystemTests.Interop;

/// <summary>A socket whose every byte is the test's to choose, and whose packets from the server can be read.</summary>
internal sealed class PacketSocket : IDisposable
{
    private const int LongestPacket = 1 << 20;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly PacketReader _reader = new(LongestPacket);
    private byte[] _buffer = new byte[4096];
    private int _used;

    public static async Task<PacketSocket> ConnectAsync(int port)
    {
        var socket = new PacketSocket();
        try
        {
            await socket._socket.ConnectAsync(IPAddress.Loopback, port);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await _socket.SendAsync(bytes)..];
    }

    /// <summary>The server reads the end of the stream, while this side still reads.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>The next packet; null when the server has closed the connection.</summary>
    /// <exception cref="OperationCanceledException">Nothing came.</exception>
    public async Task<ArrivedPacket?> ReadAsync(CancellationToken patience)
    {
        while (true)
        {
            if (TryCut(out var packet)) return packet;
            if (_used == _buffer.Length) Array.Resize(ref _buffer, 2 * _buffer.Length);
            try
            {
                var count = await _socket.ReceiveAsync(_buffer.AsMemory(_used), patience);
                if (count == 0) return null;
                _used += count;
            }
            catch (SocketException)
            {
                return null;
            }
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _reader.Dispose();
    }

    private bool TryCut(out ArrivedPacket? arrived)
    {
        arrived = null;
        ReadOnlySpan<byte> rest = _buffer.AsSpan(0, _used);
        var found = _reader.Read(ref rest, out var packet);
        Assert.NotEqual(Decode.Malformed, found);
        if (found == Decode.NeedMore) return false;
        arrived = new ArrivedPacket(packet.Type, packet.Flags, packet.Body.ToArray());
        rest.CopyTo(_buffer);
        _used = rest.Length;
        return true;
    }
}
