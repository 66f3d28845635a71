using Millrace.Connectors.Http;

namespace Millrace.Server.Api;

/// <summary><c>/api/v1/destinations</c>: the URLs that are asked before anything is sent there.</summary>
internal static class DestinationsApi
{
    /// <summary>Ends with the token.</summary>
    public const string ConfirmPath = "/api/v1/destinations/confirm/";

    public static void MapDestinations(this IEndpointRouteBuilder routes, HttpConfirmations confirmations)
    {
        routes.MapGet("/api/v1/destinations", () => Results.Json(new DestinationsAnswer(confirmations.All), Answers.Default.DestinationsAnswer))
            .Produces<DestinationsAnswer>()
            .WithSummary("The confirmation URLs of HTTP destinations, and which of them have agreed to be sent to");
        routes.MapGet(ConfirmPath + "{token}", (string token) => confirmations.Confirm(token) is { } url
                ? Results.Text($"{url} is confirmed; records are sent there from now on\n")
                : Refusals.OrNotFound(false, "destination that waits for this token"))
            .WithSummary("Agrees to be sent to: with the token of a message that came to a confirmation URL");
    }
}
