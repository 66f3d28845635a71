using System.Buffers;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>Requests over kept connections whose answers are read whole. Whatever goes wrong names what was asked.</summary>
internal sealed class HttpBytes(Uri server) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromMinutes(10) })
    {
        BaseAddress = server,
        Timeout = TimeSpan.FromMinutes(10),
    };

    public async Task<bool> AnswersAsync(string path, CancellationToken stop)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), stop);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }

    public async Task<byte[]> PostAsync(string path, HttpContent body, string asked, CancellationToken stop)
    {
        using var answer = await SendAsync(path, body, asked, stop);
        return await answer.Content.ReadAsByteArrayAsync(stop);
    }

    /// <summary>Reads the answer and forgets it.</summary>
    public async Task DrainAsync(string path, HttpContent body, string asked, CancellationToken stop)
    {
        using var answer = await SendAsync(path, body, asked, stop);
        await using var stream = await answer.Content.ReadAsStreamAsync(stop);
        var bytes = ArrayPool<byte>.Shared.Rent(1 << 16);
        while (await stream.ReadAsync(bytes, stop) > 0)
        {
            // What it says was checked before.
        }

        ArrayPool<byte>.Shared.Return(bytes);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(string path, HttpContent body, string asked, CancellationToken stop)
    {
        HttpResponseMessage answer;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
            answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        }
        catch (HttpRequestException e)
        {
            throw new FaultException(Fault.Unavailable, $"{asked}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new FaultException(Fault.Unavailable, $"{asked}: no answer within {_http.Timeout.TotalMinutes:0} minutes", e);
        }

        if (answer.IsSuccessStatusCode) return answer;
        var text = await answer.Content.ReadAsStringAsync(stop);
        answer.Dispose();
        throw new FaultException(Fault.Refused, $"{asked}: {(int)answer.StatusCode} {text}");
    }
}
