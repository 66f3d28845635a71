using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>One kept connection with blocking calls, as the client of PostgreSQL is used too: what the benchmark adds to the time of an answer is a few microseconds.</summary>
internal sealed class HttpSocket(Uri server) : IDisposable
{
    private const int LimitMs = 600_000;
    private static readonly byte[] EndOfHeaders = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] EndOfLine = "\r\n"u8.ToArray();

    private readonly byte[] _buffer = new byte[1 << 16];
    private Socket? _socket;
    private int _from;
    private int _end;

    /// <summary>A POST as it is sent.</summary>
    /// <param name="path">With what stands behind the question mark.</param>
    /// <param name="type">Of the body.</param>
    /// <param name="body">Of the request.</param>
    public byte[] Request(string path, string type, byte[] body)
    {
        var head = string.Create(CultureInfo.InvariantCulture, $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <param name="request">As <see cref="Request"/> made it.</param>
    /// <returns>The status, and the body where it is not 200.</returns>
    /// <exception cref="IOException">The other side has closed, or sent no HTTP.</exception>
    /// <exception cref="SocketException">No connection, or no answer in ten minutes.</exception>
    public (int Status, string Problem) Ask(byte[] request)
    {
        Connect();
        for (var sent = 0; sent < request.Length;) sent += _socket!.Send(request, sent, request.Length - sent, SocketFlags.None);
        var headers = Encoding.ASCII.GetString(Until(EndOfHeaders));
        var status = int.Parse(headers.AsSpan(9, 3), CultureInfo.InvariantCulture);
        var problem = status == 200 ? null : new StringBuilder();
        if (Header(headers, "transfer-encoding") is "chunked") Chunks(problem);
        else Skip(long.Parse(Header(headers, "content-length") ?? throw new IOException("the answer does not say how long it is"), CultureInfo.InvariantCulture), problem);
        if (Header(headers, "connection") is "close") Close();
        return (status, problem?.ToString() ?? "");
    }

    public void Dispose() => Close();

    private void Connect()
    {
        // What was closed while nobody asked shows as an end that can be read.
        if (_socket is { } open && open.Poll(0, SelectMode.SelectRead) && open.Available == 0) Close();
        if (_socket is not null) return;
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = LimitMs, SendTimeout = LimitMs };
        _socket.Connect(server.Host, server.Port);
        _from = _end = 0;
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private static string? Header(string headers, string name)
    {
        foreach (var line in headers.Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Equals(name, StringComparison.OrdinalIgnoreCase)) return line[(colon + 1)..].Trim().ToLowerInvariant();
        }

        return null;
    }

    private void Chunks(StringBuilder? into)
    {
        while (true)
        {
            if (!Utf8Parser.TryParse(Until(EndOfLine), out int length, out _, 'x')) throw new IOException("a chunk does not say how long it is");
            Skip(length, into);
            _ = Until(EndOfLine);
            if (length == 0) return;
        }
    }

    /// <summary>What comes before an end, which is taken too; until the next call.</summary>
    private ReadOnlySpan<byte> Until(byte[] end)
    {
        int at;
        while ((at = _buffer.AsSpan(_from, _end - _from).IndexOf(end)) < 0) Receive();
        var found = _buffer.AsSpan(_from, at);
        _from += at + end.Length;
        return found;
    }

    private void Skip(long length, StringBuilder? into)
    {
        while (length > 0)
        {
            if (_from == _end) Receive();
            var part = (int)Math.Min(length, _end - _from);
            into?.Append(Encoding.UTF8.GetString(_buffer, _from, part));
            _from += part;
            length -= part;
        }
    }

    private void Receive()
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _end - _from).CopyTo(_buffer);
            (_from, _end) = (0, _end - _from);
        }

        if (_end == _buffer.Length) throw new IOException("a line longer than 64 KiB");
        var got = _socket!.Receive(_buffer, _end, _buffer.Length - _end, SocketFlags.None);
        if (got == 0) throw new IOException("the connection was closed within an answer");
        _end += got;
    }
}
