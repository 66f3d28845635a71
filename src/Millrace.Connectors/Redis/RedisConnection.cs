using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using Millrace.Connectors.Tls;
using Millrace.Contracts;

namespace Millrace.Connectors.Redis;

/// <summary>One connection: commands go out together, their answers come in the same order. Not for two callers at once.</summary>
/// <remarks>Any failure, a late answer too, leaves it useless: nobody could tell any more which answer belongs to which command.</remarks>
internal sealed class RedisConnection : IAsyncDisposable
{
    private const int FirstBuffer = 16 * 1024;

    private readonly Stream _stream;
    private readonly RedisAddress _address;
    private readonly TimeProvider _clock;
    private byte[] _buffer = new byte[FirstBuffer];
    private int _start;
    private int _end;

    /// <param name="stream">Connected; disposed with this.</param>
    /// <param name="address">For the limits and for messages.</param>
    /// <param name="clock">For time-outs.</param>
    public RedisConnection(Stream stream, RedisAddress address, TimeProvider clock)
    {
        _stream = stream;
        _address = address;
        _clock = clock;
    }

    /// <summary>Connected, with the user and the database of the address.</summary>
    /// <exception cref="FaultException">Unavailable, with what the server said.</exception>
    public static async ValueTask<RedisConnection> OpenAsync(RedisAddress address, TimeProvider clock, CancellationToken stop)
    {
        var connection = new RedisConnection(await ConnectAsync(address, clock, stop).ConfigureAwait(false), address, clock);
        try
        {
            await connection.GreetAsync(stop).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Starts sending; the answers are taken with <see cref="ReadAsync"/> meanwhile, so that neither side's buffers fill up for ever.</summary>
    /// <param name="commands">Not to be written to until the task ends.</param>
    /// <param name="stop">Ends the wait.</param>
    public Task SendAsync(ReadOnlyMemory<byte> commands, CancellationToken stop) => WithinAsync(
        async token =>
        {
            await _stream.WriteAsync(commands, token).ConfigureAwait(false);
            await _stream.FlushAsync(token).ConfigureAwait(false);
            return 0;
        },
        stop);

    /// <summary>The next answer.</summary>
    /// <exception cref="FaultException">Unavailable: the server is gone, takes too long, or says what is not its protocol.</exception>
    public async ValueTask<RedisReply> ReadAsync(CancellationToken stop)
    {
        RedisReply reply;
        while (!TryTake(out reply))
        {
            MakeRoom();
            var read = await WithinAsync(token => _stream.ReadAsync(_buffer.AsMemory(_end), token), stop).ConfigureAwait(false);
            if (read == 0) throw new FaultException(Fault.Unavailable, $"{_address} closed the connection");
            _end += read;
        }

        return reply;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static async ValueTask<Stream> ConnectAsync(RedisAddress address, TimeProvider clock, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(address.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        var policy = address.CaFile is { } file ? TrustFile.PolicyOf(file) : null;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, either.Token).ConfigureAwait(false);
            var stream = new NetworkStream(socket, ownsSocket: true);
            if (!address.Tls) return stream;
            var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = address.Host, CertificateChainPolicy = policy }, either.Token).ConfigureAwait(false);
            return tls;
        }
        catch (Exception away) when (IsAway(away, stop))
        {
            socket.Dispose();
            throw new FaultException(Fault.Unavailable, $"{address} cannot be reached: {(away is OperationCanceledException ? "it does not answer" : away.Message)}", away);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async ValueTask GreetAsync(CancellationToken stop)
    {
        var commands = new ArrayBufferWriter<byte>();
        if (_address.Password is { } password)
        {
            RespWriter.Begin(commands, _address.User is null ? 2 : 3);
            RespWriter.Argument(commands, "AUTH"u8);
            if (_address.User is { } user) RespWriter.Argument(commands, System.Text.Encoding.UTF8.GetBytes(user));
            RespWriter.Argument(commands, System.Text.Encoding.UTF8.GetBytes(password));
        }

        RespWriter.Begin(commands, 2);
        RespWriter.Argument(commands, "SELECT"u8);
        RespWriter.Argument(commands, _address.Database);
        await SendAsync(commands.WrittenMemory, stop).ConfigureAwait(false);
        if (_address.Password is not null) await ExpectAsync("AUTH", stop).ConfigureAwait(false);
        await ExpectAsync("SELECT", stop).ConfigureAwait(false);
    }

    private async ValueTask ExpectAsync(string command, CancellationToken stop)
    {
        var reply = await ReadAsync(stop).ConfigureAwait(false);
        if (reply.IsError) throw new FaultException(Fault.Unavailable, $"{_address} answers to {command}: {reply.Text}");
    }

    private bool TryTake(out RedisReply reply)
    {
        reply = default;
        switch (RespReader.TryRead(_buffer.AsSpan(_start, _end - _start), out var token, out var used))
        {
            case RespRead.NeedMore: return false;
            case RespRead.Done:
                reply = RedisReply.Of(token);
                _start += used;
                return true;
            default:
                throw new FaultException(Fault.Unavailable, $"{_address} does not speak the protocol of Redis, or answers with more than {RespReader.MaxBulk} bytes");
        }
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        // The reader refuses tokens beyond its limits, so that this ends.
        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
    }

    private async Task<int> WithinAsync(Func<CancellationToken, ValueTask<int>> act, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(_address.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            return await act(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new FaultException(Fault.Unavailable, $"{_address} did not answer within {_address.Timeout.TotalSeconds:0.###} s");
        }
        catch (Exception away) when (IsAway(away, stop))
        {
            throw new FaultException(Fault.Unavailable, $"{_address} is gone: {away.Message}", away);
        }
    }

    private static bool IsAway(Exception failure, CancellationToken stop) =>
        failure is IOException or SocketException or System.Security.Authentication.AuthenticationException
        || (failure is OperationCanceledException && !stop.IsCancellationRequested);
}
