using System.Net;
using System.Text;

namespace Millrace.Tests.Server.Cli;

/// <summary>Answers one thing to every request, and remembers the last.</summary>
internal sealed class FakeServer(int status, string answer) : HttpMessageHandler
{
    public string Asked { get; private set; } = "";

    public string Body { get; private set; } = "";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        if (status == 0) throw new HttpRequestException("Connection refused");
        Asked = $"{request.Method} {request.RequestUri!.AbsoluteUri}";
        Body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(stop);
        return new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(answer, Encoding.UTF8, "application/json") };
    }
}
