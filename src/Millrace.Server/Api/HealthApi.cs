namespace Millrace.Server.Api;

/// <summary><c>GET /health/live</c> and <c>GET /health/ready</c>.</summary>
internal static class HealthApi
{
    /// <param name="routes">Of the server.</param>
    /// <param name="problems">What keeps the server from doing its work now; empty when it is ready.</param>
    /// <param name="warnings">What is wrong and does not keep it from that.</param>
    public static void MapHealth(this IEndpointRouteBuilder routes, Func<IReadOnlyList<string>> problems, Func<IReadOnlyList<string>> warnings)
    {
        routes.MapGet("/health/live", static () => new HealthAnswer("live", [], []))
            .WithSummary("200 while the process runs");
        routes.MapGet("/health/ready", () =>
            {
                var reasons = problems();
                var answer = new HealthAnswer(reasons.Count == 0 ? "ready" : "not ready", reasons, warnings());
                return Results.Json(answer, Answers.Default.HealthAnswer, statusCode: reasons.Count == 0 ? 200 : 503);
            })
            .Produces<HealthAnswer>()
            .Produces<HealthAnswer>(503)
            .WithSummary("200 while messages can be acknowledged; 503 with the reasons while not");
    }
}
