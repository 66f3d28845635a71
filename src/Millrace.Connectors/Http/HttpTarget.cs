using Millrace.Contracts.Flows;

namespace Millrace.Connectors.Http;

/// <summary>Where an <see cref="HttpSink"/> posts to, and how. Checked, its secrets resolved.</summary>
public sealed record HttpTarget
{
    public required IRecordText Url { get; init; }

    /// <summary>Scheme, host and port of every URL that comes out, as <c>https://example.com</c>; null: of any host.</summary>
    public required string? Authority { get; init; }

    public IReadOnlyList<HttpHeaderText> Headers { get; init; } = [];

    /// <summary>The value of the header of that name; a secret. Null: none.</summary>
    public string? Authorization { get; init; }

    /// <summary>Whoever is there has to agree before the first request; every URL begins with it. Null: nobody is asked.</summary>
    public Uri? ConfirmationUrl { get; init; }

    /// <summary>Null: one request for each record.</summary>
    public HttpBatching? Batching { get; init; }

    /// <summary>For a whole request, connecting included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>After so many answers of 500 to 599 in a row a record is refused; 0: it is tried for ever.</summary>
    public int Tries { get; init; }
}
