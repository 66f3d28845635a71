using System.Text;
using Millrace.Connectors.Http;
using Millrace.Connectors.Lanes;
using Millrace.Contracts.Flows;
using Millrace.Flows;
using Millrace.Flows.Options;

namespace Millrace.Server.Connections;

/// <summary>Makes HTTP sinks of options.</summary>
internal static class HttpSinks
{
    public static ISink Create(HttpSinkOptions options, SinkPlace place, LaneMemories memories, HttpConfirmations confirmations)
    {
        var target = new HttpTarget
        {
            Url = place.Text(options.Url),
            Authority = options.Authority,
            Headers = [.. options.Headers.Select(header => new HttpHeaderText(header.Key, TextOf(header, place)))],
            Authorization = AuthorizationOf(options.Auth, place),
            ConfirmationUrl = options.ConfirmationUrl is { } url ? new Uri(url) : null,
            Batching = options.Batch is { } batch ? new HttpBatching(batch.MaxRecords, batch.MaxBytes.Bytes, batch.MaxAge) : null,
            Timeout = options.Timeout,
            Tries = options.Tries,
        };
        var client = HttpClients.Create(new HttpClientOptions(options.CaFile, options.LinkLocal, options.SystemProxy));
        return new HttpSink(target, client, memories.Of(options, place.Key), confirmations, place.Clock);
    }

    private static IRecordText TextOf(HeaderOptions header, SinkPlace place) =>
        Secrets.FindVisible(header.Secret, place) is { } secret ? new FixedText(secret) : place.Text(header.Value!);

    private static string? AuthorizationOf(HttpAuthOptions? auth, SinkPlace place) => auth switch
    {
        { User: { } user } => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{Secrets.Find(auth.Password, place)}"))}",
        { Token: { } token } => $"Bearer {Secrets.FindVisible(token, place)}",
        _ => null,
    };
}
