using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Server.Cli.Output;
using Millrace.Server.Cli.Settings;

namespace Millrace.Server.Cli;

/// <summary>Asks a running server over HTTP.</summary>
internal sealed class ServerClient : IDisposable
{
    private const string DefaultUrl = "http://127.0.0.1:8080";
    private const int LongestAnswer = 512 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Uri _url;
    private readonly HttpClient _http;

    public ServerClient(CliContext context, string? url)
    {
        url ??= context.Environment.GetValueOrDefault(ServerSettings.UrlVariable) is { Length: > 0 } variable ? variable : DefaultUrl;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
            throw new CliException(Exit.Invalid, $"--url must be as {DefaultUrl}, not '{url}'");
        _url = parsed;
        _http = new HttpClient(context.Http())
        {
            BaseAddress = new Uri(url.TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LongestAnswer,
        };
    }

    public static Option<string?> UrlOption() => new("--url")
    {
        Description = $"the server [default: {ServerSettings.UrlVariable} or {DefaultUrl}]",
        HelpName = "URL",
    };

    public Task<ServerAnswer> GetAsync(string path, CancellationToken stop) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), stop);

    public Task<ServerAnswer> PostAsync(string path, ReadOnlyMemory<byte> body, string mediaType, CancellationToken stop)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content }, stop);
    }

    public Task<ServerAnswer> PutAsync(string path, ReadOnlyMemory<byte> json, CancellationToken stop)
    {
        var content = new ReadOnlyMemoryContent(json);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(new HttpRequestMessage(HttpMethod.Put, path) { Content = content }, stop);
    }

    /// <param name="method">Any.</param>
    /// <param name="path">Below the server's URL.</param>
    /// <param name="body">Null: none.</param>
    /// <param name="stop">Gives up waiting for the answer.</param>
    public Task<ServerAnswer> AskAsync(HttpMethod method, string path, JsonNode? body, CancellationToken stop)
    {
        var content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return SendAsync(new HttpRequestMessage(method, path) { Content = content }, stop);
    }

    /// <summary>Sends and receives what may take any time, and is never in memory as a whole.</summary>
    /// <param name="path">Below the server's URL.</param>
    /// <param name="content">The body.</param>
    /// <param name="take">Reads the answer, where it is no refusal.</param>
    /// <param name="stop">Breaks off.</param>
    /// <returns>The refusal, or an answer without body.</returns>
    public async Task<ServerAnswer> StreamAsync(string path, HttpContent content, Func<HttpResponseMessage, Stream, Task> take, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            if (!response.IsSuccessStatusCode) return await AnswerOfAsync(response, stop);
            await using var body = await response.Content.ReadAsStreamAsync(stop);
            await take(response, body);
            return new ServerAnswer((int)response.StatusCode, default);
        }
        catch (HttpIOException broken)
        {
            throw new CliException(Exit.Failure, $"The answer of {_url} broke off: {broken.Message}", broken);
        }
        catch (HttpRequestException away)
        {
            throw Unreachable(away);
        }
        catch (JsonException strange)
        {
            throw new CliException(Exit.Failure, $"What answers at {_url} does not speak JSON: is it a Millrace server?", strange);
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<ServerAnswer> AnswerOfAsync(HttpResponseMessage response, CancellationToken stop)
    {
        var body = await response.Content.ReadAsByteArrayAsync(stop);
        return new ServerAnswer((int)response.StatusCode, body.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(body));
    }

    private async Task<ServerAnswer> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            using var response = await _http.SendAsync(request, patience.Token);
            return await AnswerOfAsync(response, patience.Token);
        }
        catch (HttpRequestException away)
        {
            throw Unreachable(away);
        }
        catch (OperationCanceledException slow) when (!stop.IsCancellationRequested)
        {
            throw new CliException(Exit.Unreachable, $"The server at {_url} did not answer within {Patience.TotalMinutes:0} minutes.", slow);
        }
        catch (JsonException strange)
        {
            throw new CliException(Exit.Failure, $"What answers at {_url} does not speak JSON: is it a Millrace server?", strange);
        }
        finally
        {
            request.Dispose();
        }
    }

    private CliException Unreachable(HttpRequestException away)
    {
        var reason = away.InnerException?.Message ?? away.Message;
        return new CliException(Exit.Unreachable, $"No server answers at {_url} ({reason}). Start one with millrace serve, or name another with --url.", away);
    }
}
