using System.Globalization;
using System.Net;
using System.Text;

namespace Millrace.Connectors.Http;

/// <summary>What came of a request, in the destination's words.</summary>
/// <param name="Outcome">See there.</param>
/// <param name="Reason">Status and the beginning of the body; empty where it was delivered.</param>
/// <param name="RetryAfter">How long the destination asked to be left alone; zero where it did not.</param>
internal readonly record struct HttpVerdict(HttpOutcome Outcome, string Reason, TimeSpan RetryAfter)
{
    /// <summary>No more of an answer is read. AWS's number.</summary>
    public const int BodyLimit = 16 * 1024;

    /// <summary>So much of it stands in a reason.</summary>
    private const int Quoted = 200;

    /// <summary>However long the destination asks for.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    public static async Task<HttpVerdict> OfAsync(HttpResponseMessage answer, DateTimeOffset now, CancellationToken stop)
    {
        var outcome = OutcomeOf(answer.StatusCode);
        if (outcome == HttpOutcome.Delivered) return new HttpVerdict(outcome, "", TimeSpan.Zero);
        var body = new byte[BodyLimit];
        var length = await ReadAsync(answer, body, stop).ConfigureAwait(false);
        return new HttpVerdict(outcome, ReasonOf(answer, body.AsSpan(0, length)), outcome == HttpOutcome.Refused ? TimeSpan.Zero : WaitOf(answer, now));
    }

    public static HttpOutcome OutcomeOf(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => HttpOutcome.Delivered,
        408 or 429 => HttpOutcome.Again,
        >= 500 => HttpOutcome.Failed,
        _ => HttpOutcome.Refused,
    };

    /// <summary>The status decides, whatever becomes of the body.</summary>
    private static async Task<int> ReadAsync(HttpResponseMessage answer, byte[] into, CancellationToken stop)
    {
        try
        {
            using var body = await answer.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
            return await body.ReadAtLeastAsync(into, into.Length, throwOnEndOfStream: false, stop).ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            return 0;
        }
    }

    private static string ReasonOf(HttpResponseMessage answer, ReadOnlySpan<byte> body)
    {
        var reason = new StringBuilder($"{(int)answer.StatusCode} {Plain(answer.ReasonPhrase ?? "")}".TrimEnd());
        if (answer.Headers.Location is { } elsewhere) reason.Append(CultureInfo.InvariantCulture, $" to {Plain(elsewhere.ToString())}, where nothing is sent to");
        var text = Plain(Encoding.UTF8.GetString(body[..Math.Min(body.Length, Quoted)]));
        if (text.Length > 0) reason.Append(": ").Append(text);
        return reason.ToString();
    }

    /// <summary>The far side's words go to logs and screens: on one line, without what would move a cursor.</summary>
    private static string Plain(string text) =>
        string.Create(Math.Min(text.Length, Quoted), text, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++) to[i] = char.IsControl(from[i]) ? ' ' : from[i];
        }).Trim();

    private static TimeSpan WaitOf(HttpResponseMessage answer, DateTimeOffset now)
    {
        var wait = answer.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - now,
            _ => TimeSpan.Zero,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
    }
}
