using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Millrace.Tests.Connectors;

/// <summary>A web server that keeps the requests and answers as it is told, one answer after the other, then 200.</summary>
internal sealed class ScriptedHandler : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();

    public List<(string Url, string Body, HttpRequestHeaders Headers, string ContentType)> Requests { get; } = [];

    public IEnumerable<string> Bodies => Requests.Select(static request => request.Body);

    public ScriptedHandler Then(int status, string body = "", string? retryAfter = null, string? location = null)
    {
        _answers.Enqueue(() =>
        {
            var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
            if (retryAfter is not null) answer.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
            if (location is not null) answer.Headers.TryAddWithoutValidation("Location", location);
            return answer;
        });
        return this;
    }

    public ScriptedHandler ThenFails(Exception failure)
    {
        _answers.Enqueue(() => throw failure);
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsStringAsync(cancellationToken);
        Requests.Add((request.RequestUri!.AbsoluteUri, body, request.Headers, request.Content.Headers.ContentType?.ToString() ?? ""));
        return _answers.TryDequeue(out var answer) ? answer() : new HttpResponseMessage(HttpStatusCode.OK);
    }
}
