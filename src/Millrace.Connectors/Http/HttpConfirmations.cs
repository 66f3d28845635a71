using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Documents;

namespace Millrace.Connectors.Http;

/// <summary>Asks those at confirmation URLs whether they want to be sent to, and keeps their answers over restarts.</summary>
/// <param name="documents">Where the answers are kept.</param>
/// <param name="enableUrl">What a GET agrees with, but for the token at its end.</param>
/// <param name="clock">For when it asked.</param>
/// <remarks>Any thread may call.</remarks>
public sealed class HttpConfirmations(IDocumentStore documents, Func<string> enableUrl, TimeProvider clock)
{
    private const string Collection = "http-destinations";
    private const string Enabled = "ENABLED";
    private const string InProgress = "IN_PROGRESS";
    private const int TokenBytes = 24;
    private const int IdBytes = 16;

    /// <summary>Whoever has not answered is asked again.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();

    /// <summary>All that were asked, without their tokens.</summary>
    public IReadOnlyList<HttpDestination> All => [.. documents.List(Collection).Select(static one => Parse(one.Value) with { Token = null })];

    /// <summary>The answer of the one at the URL.</summary>
    /// <returns>The URL that may be sent to from now on; null where the token is nobody's.</returns>
    public string? Confirm(string token)
    {
        var given = Encoding.UTF8.GetBytes(token);
        lock (_gate)
        {
            foreach (var (key, value) in documents.List(Collection))
            {
                var destination = Parse(value);
                if (destination.Token is not { } its || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(its), given)) continue;
                Keep(key, destination with { Status = Enabled });
                return destination.Url;
            }
        }

        return null;
    }

    /// <summary>Ends where the one at the URL has agreed; else asks, unless that was done a short while ago.</summary>
    /// <exception cref="FaultException">Unavailable: it has not agreed yet, or cannot be asked.</exception>
    internal async ValueTask NeedAsync(Uri url, HttpSender sender, CancellationToken stop)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url.AbsoluteUri)));
        var destination = Begin(key, url, out var isDue);
        if (destination.Status == Enabled) return;
        if (isDue) await AskAsync(key, url, destination, sender, stop).ConfigureAwait(false);
        throw new FaultException(
            Fault.Unavailable, $"{url} was asked for its confirmation and has not given it: whoever is there sends a GET to the enableUrl of the message it got");
    }

    private async ValueTask AskAsync(string key, Uri url, HttpDestination destination, HttpSender sender, CancellationToken stop)
    {
        try
        {
            var message = new HttpConfirmationMessage(destination.Arn, destination.Token!, enableUrl() + destination.Token, "DestinationConfirmation");
            using var request = new HttpCall(url, []).ToRequest(JsonSerializer.SerializeToUtf8Bytes(message, HttpJson.Default.HttpConfirmationMessage), isJson: true, null);
            var verdict = await sender.AskAsync(request, stop).ConfigureAwait(false);
            if (verdict.Outcome != HttpOutcome.Delivered) throw new FaultException(Fault.Unavailable, $"{url} was asked for its confirmation and answers {verdict.Reason}");
        }
        catch
        {
            lock (_gate) Keep(key, destination with { Asked = null });
            throw;
        }
    }

    private HttpDestination Begin(string key, Uri url, out bool isDue)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            var destination = documents.Find(Collection, key) is { } kept ? Parse(kept) : Create(url);
            isDue = destination.Status != Enabled && (destination.Asked is not { } asked || now - asked > AskAgain);
            if (isDue) Keep(key, destination = destination with { Asked = now });
            return destination;
        }
    }

    private void Keep(string key, HttpDestination destination)
    {
        // An answer may come while the question is still being put: it is not overwritten by what the question makes of itself.
        if (documents.Find(Collection, key) is { } kept && Parse(kept).Status == Enabled) return;
        documents.Write([new DocumentChange(Collection, key, JsonSerializer.SerializeToUtf8Bytes(destination, HttpJson.Default.HttpDestination))], null);
    }

    private static HttpDestination Create(Uri url) => new()
    {
        Arn = $"arn:aws:iot:local:000000000000:ruledestination/http/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes))}",
        Url = url.AbsoluteUri,
        Status = InProgress,
        Token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes)),
    };

    private static HttpDestination Parse(byte[] value) => JsonSerializer.Deserialize(value, HttpJson.Default.HttpDestination)!;
}
