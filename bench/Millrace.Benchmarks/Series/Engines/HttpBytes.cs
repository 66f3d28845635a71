using System.Net.Sockets;
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

    private readonly HttpSocket _socket = new(server);

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

    public Task<string> GetAsync(string path, CancellationToken stop) => _http.GetStringAsync(new Uri(path, UriKind.Relative), stop);

    public async Task<byte[]> PostAsync(string path, HttpContent body, string asked, CancellationToken stop)
    {
        using var answer = await SendAsync(path, body, asked, stop);
        return await answer.Content.ReadAsByteArrayAsync(stop);
    }

    /// <returns>Sends the request, reads the answer and forgets it. Blocks: for one at a time.</returns>
    public Action Prepare(string path, HttpContent body, string asked)
    {
        using var sent = new MemoryStream();
        using (body) body.CopyTo(sent, null, CancellationToken.None);
        var request = _socket.Request(new Uri(server, path).PathAndQuery, body.Headers.ContentType?.ToString() ?? "application/octet-stream", sent.ToArray());
        return () =>
        {
            try
            {
                var (status, problem) = _socket.Ask(request);
                if (status != 200) throw new FaultException(Fault.Refused, $"{asked}: {status} {problem}");
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                throw new FaultException(Fault.Unavailable, $"{asked}: {e.Message}", e);
            }
        };
    }

    public void Dispose()
    {
        _http.Dispose();
        _socket.Dispose();
    }

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
