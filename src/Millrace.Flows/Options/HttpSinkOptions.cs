using System.Net;
using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>To a web server: each record becomes the body of a POST.</summary>
public sealed record HttpSinkOptions : SinkOptions
{
    private const int MostHeaders = 100;
    private const string TokenMarks = "!#$%&'*+-.^_`|~";

    /// <summary>These belong to the connection, or to <see cref="Auth"/>.</summary>
    private static readonly HashSet<string> Taken = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Content-Length", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Keep-Alive", "Expect", "Proxy-Authorization", "Proxy-Connection",
    };

    public override string Kind => "http";

    public override string Target => Url;

    public override string ActionName => "HttpAction";

    /// <summary>A template: <c>https://example.com/cars/${vin}</c>. Scheme and host are the same for all, unless <see cref="AnyHost"/>.</summary>
    public required string Url { get; init; }

    /// <summary>The beginning of <see cref="Url"/> whose owner is asked before anything is sent; null: nobody is asked.</summary>
    public string? ConfirmationUrl { get; init; }

    public ValueList<HeaderOptions> Headers { get; init; } = [];

    /// <summary>Null: the request says nothing of itself.</summary>
    public HttpAuthOptions? Auth { get; init; }

    /// <summary>Null: one request for each record.</summary>
    public HttpBatchOptions? Batch { get; init; }

    /// <summary>For a whole request.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>After so many answers of 500 to 599 in a row a record is refused; 0: it is tried for ever, and those behind it wait.</summary>
    public int Tries { get; init; }

    /// <summary>PEM: where servers' certificates must come from; null: the machine's list.</summary>
    public string? CaFile { get; init; }

    /// <summary>Whether the host may come out of a message.</summary>
    public bool AnyHost { get; init; }

    /// <summary>Whether link-local addresses, where clouds keep a machine's credentials, may be sent to.</summary>
    public bool LinkLocal { get; init; }

    /// <summary>Whether the proxy of the server's environment is used.</summary>
    public bool SystemProxy { get; init; }

    /// <summary>Scheme, host and port, as every URL begins; null with <see cref="AnyHost"/>.</summary>
    public string? Authority => AnyHost || !Uri.TryCreate(Templates.Sample(Url, "url", []), UriKind.Absolute, out var sample) ? null : sample.GetLeftPart(UriPartial.Authority);

    public override IEnumerable<Problem> Check()
    {
        var problems = new List<Problem>();
        CheckUrl(problems);
        if (ConfirmationUrl is not null) CheckConfirmation(ConfirmationUrl, problems);
        CheckHeaders(problems);
        if (Auth is not null) problems.AddRange(Auth.Check().Select(static problem => problem with { Where = $"auth.{problem.Where}" }));
        if (Batch is not null) problems.AddRange(Batch.Check().Select(static problem => problem with { Where = $"batch.{problem.Where}" }));
        if (Timeout < TimeSpan.FromMilliseconds(10) || Timeout > TimeSpan.FromMinutes(5)) problems.Add(new("timeout", "must be from 10ms to 5m"));
        if (Tries is < 0 or > 1000) problems.Add(new("tries", "must be from 0 (for ever) to 1000"));
        if (CaFile is { Length: 0 }) problems.Add(new("caFile", "must be the path of a PEM file"));
        return problems;
    }

    private void CheckUrl(List<Problem> problems)
    {
        var before = problems.Count;
        var sample = Templates.Sample(Url, "url", problems);
        if (problems.Count > before) return;
        var fixedPart = Url.IndexOf("${", StringComparison.Ordinal) is var at and >= 0 ? Url[..at] : null;
        if (AnyHost && fixedPart is { Length: 0 }) return;
        if (!Uri.TryCreate(sample, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            problems.Add(new("url", "must begin with http:// or https:// and a host"));
        else if (url.UserInfo.Length > 0) problems.Add(new("url", "must not hold a user or password; see auth.basic"));
        else if (url.Fragment.Length > 0) problems.Add(new("url", "must not hold a #: what comes after it is not sent"));
        else if (!AnyHost && fixedPart is not null && !HasWholeAuthority(fixedPart))
            problems.Add(new("url", "takes its host out of the message, so that a device says where to; write the host with a / behind it before the first ${, or set anyHost: true"));
        else if (!LinkLocal && IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && (address.IsIPv6LinkLocal || url.Host.StartsWith("169.254.", StringComparison.Ordinal)))
            problems.Add(new("url", $"leads to the link-local address {url.Host}, where clouds keep a machine's credentials; linkLocal: true allows it"));
    }

    private static bool HasWholeAuthority(string text)
    {
        var host = text.IndexOf("://", StringComparison.Ordinal);
        return host >= 0 && text.AsSpan(host + 3).ContainsAny('/', '?');
    }

    private void CheckConfirmation(string confirmation, List<Problem> problems)
    {
        if (confirmation.Contains("${", StringComparison.Ordinal)) problems.Add(new("confirmationUrl", "must be the same for each message, without ${"));
        else if (!Uri.TryCreate(confirmation, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            problems.Add(new("confirmationUrl", "must begin with http:// or https:// and a host"));
        else if (!Url.StartsWith(confirmation, StringComparison.Ordinal)) problems.Add(new("confirmationUrl", "must be the beginning of url"));
    }

    private void CheckHeaders(List<Problem> problems)
    {
        if (Headers.Count > MostHeaders) problems.Add(new("headers", $"must hold at most {MostHeaders} headers, not {Headers.Count}"));
        for (var i = 0; i < Headers.Count; i++)
        {
            var (key, value, secret) = Headers[i];
            if (key.Length == 0 || !key.All(static c => char.IsAsciiLetterOrDigit(c) || TokenMarks.Contains(c)))
                problems.Add(new($"headers[{i}].key", "must be the name of a header: letters, digits and -"));
            else if (Taken.Contains(key)) problems.Add(new($"headers[{i}].key", $"{key} belongs to the connection and cannot be set"));
            else if (Auth is not null && key.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
                problems.Add(new($"headers[{i}].key", "Authorization stands beside auth; keep one of them"));
            if ((value is null) == (secret is null)) problems.Add(new($"headers[{i}]", "must have a value or a secret, one of them"));
            if (value is not null && key.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
                problems.Add(new($"headers[{i}].value", "would keep a secret in the pipeline file; write secret: env:NAME, or see auth"));
            else if (value is not null) Templates.Sample(value, $"headers[{i}].value", problems);
            problems.AddRange(SecretText.Check($"headers[{i}].secret", secret));
        }
    }
}
