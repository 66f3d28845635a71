using System.Net.Http.Headers;
using System.Text;

namespace Millrace.Connectors.Http;

/// <summary>A request as it will be made, but for its body.</summary>
internal sealed class HttpCall(Uri url, IReadOnlyList<KeyValuePair<string, string>> headers)
{
    private const string ContentType = "Content-Type";

    public Uri Url => url;

    /// <summary>Whether records of both may share a request.</summary>
    public bool IsLike(HttpCall other) => url == other.Url && headers.SequenceEqual(other.Headers);

    private IReadOnlyList<KeyValuePair<string, string>> Headers => headers;

    /// <param name="body">Not to be written to until the answer is there.</param>
    /// <param name="isJson">Decides the content type where no header does.</param>
    /// <param name="authorization">A secret; null: none.</param>
    public HttpRequestMessage ToRequest(ReadOnlyMemory<byte> body, bool isJson, string? authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(body) };
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        foreach (var (name, value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content.Headers.TryAddWithoutValidation(name, value);
        if (!request.Content.Headers.Contains(ContentType))
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(isJson ? "application/json" : "application/octet-stream");
        return request;
    }

    /// <summary>Visible ASCII, spaces and tabs: a line break would begin another header.</summary>
    public static bool TryHeaderValue(ReadOnlySpan<byte> bytes, out string value)
    {
        value = "";
        foreach (var one in bytes)
            if (one is < 0x20 and not (byte)'\t' or > 0x7E) return false;
        value = Encoding.ASCII.GetString(bytes).Trim(' ', '\t');
        return true;
    }
}
