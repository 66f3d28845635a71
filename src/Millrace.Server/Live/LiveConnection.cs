using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using Millrace.Contracts.Tables;
using Millrace.Server.Api;

namespace Millrace.Server.Live;

/// <summary>One live view: stats, and the points of what it watches, over a WebSocket.</summary>
internal sealed class LiveConnection(WebSocket socket, LiveStats stats, SeriesWatches watches)
{
    private const int MaxRequest = 16 * 1024;
    private const int MaxWatches = 8;
    private const int MaxPoints = 20_000;
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, SeriesWatch> _watches = new();
    private readonly SemaphoreSlim _sending = new(1);

    /// <summary>Ends when the other side leaves, or the server stops.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var viewer = stats.Enter();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var sending = SendAsync(end.Token);
        var receiving = ReceiveAsync(end.Token);
        await Task.WhenAny(sending, receiving);
        await end.CancelAsync();
        await Task.WhenAll(sending, receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "", patience.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(CancellationToken stop)
    {
        while (true)
        {
            await SendAsync(await stats.NextAsync(stop), stop);
            foreach (var watch in _watches.Values)
            {
                if (await watches.NewPointsAsync(watch, MaxPoints, stop) is not { Count: > 0 } points) continue;
                await SendAsync(JsonSerializer.SerializeToUtf8Bytes(new PointsFrame("points", watch.Id, points), Answers.Default.PointsFrame), stop);
            }
        }
    }

    private async Task ReceiveAsync(CancellationToken stop)
    {
        var buffer = new byte[MaxRequest];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                if (length == buffer.Length)
                {
                    await RefuseAsync($"a request may have {MaxRequest} bytes", stop);
                    return;
                }

                part = await socket.ReceiveAsync(buffer.AsMemory(length), stop);
                length += part.Count;
            }
            while (!part.EndOfMessage);

            if (part.MessageType == WebSocketMessageType.Close) return;
            await HandleAsync(buffer.AsMemory(0, length), stop);
        }
    }

    private async Task HandleAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        LiveRequest? request;
        try
        {
            request = JsonSerializer.Deserialize(bytes.Span, Answers.Default.LiveRequest);
        }
        catch (JsonException)
        {
            request = null;
        }

        switch (request)
        {
            case { Type: "unwatch", Id: { } id }:
                _watches.TryRemove(id, out _);
                break;
            case { Type: "watch", Id: { Length: > 0 and <= 64 } id, Measure: { } measure }
                when TableName.TryParse(request.Table, out var table) && request.Dimensions?.Values.Any(static value => value is null) is not true:
                if (_watches.Count >= MaxWatches && !_watches.ContainsKey(id)) await RefuseAsync($"one view watches at most {MaxWatches} series", stop);
                else _watches[id] = new SeriesWatch(id, table, request.Dimensions ?? new Dictionary<string, string>(), measure, request.Column, request.Since);
                break;
            default:
                await RefuseAsync("""expected {"type":"watch","id":…,"table":…,"dimensions":{…},"measure":…} or {"type":"unwatch","id":…}""", stop);
                break;
        }
    }

    private Task RefuseAsync(string why, CancellationToken stop) =>
        SendAsync(JsonSerializer.SerializeToUtf8Bytes(new LiveErrorFrame("error", why), Answers.Default.LiveErrorFrame), stop);

    /// <summary>One at a time, and a viewer that does not read is let go.</summary>
    private async Task SendAsync(byte[] frame, CancellationToken stop)
    {
        await _sending.WaitAsync(stop);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(SendLimit);
            await socket.SendAsync(frame.AsMemory(), WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, limit.Token);
        }
        finally
        {
            _sending.Release();
        }
    }
}
