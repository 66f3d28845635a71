using Millrace.Flows.DeadLetters;

namespace Millrace.Server.Api;

/// <summary><c>GET /api/v1/dead-letters?flow=&amp;limit=</c></summary>
internal static class DeadLettersApi
{
    private const int MaxLimit = 1000;

    public static void MapDeadLetters(this IEndpointRouteBuilder routes, DeadLetterLog log) =>
        routes.MapGet("/api/v1/dead-letters", (string? flow, int? limit) => new DeadLettersAnswer(
                [.. log.Newest(flow, Math.Clamp(limit ?? 50, 1, MaxLimit)).Select(AnswerOf)]))
            .WithSummary("The newest messages that a flow gave up, with the reason, newest first");

    private static DeadLetterAnswer AnswerOf(DeadLetter letter)
    {
        var (payload, encoding) = PayloadText.Of(letter.Payload);
        return new DeadLetterAnswer(
            letter.Flow, letter.Lane, letter.Partition, letter.Offset, letter.At, letter.Topic, letter.Fault.ToString(), letter.Reason, payload, encoding);
    }
}
