namespace Millrace.Server.Api;

/// <summary><c>GET /api/v1/ledger</c></summary>
internal static class LedgerApi
{
    public static void MapLedger(this IEndpointRouteBuilder routes, Ledger ledger) =>
        routes.MapGet("/api/v1/ledger", ledger.Read).WithSummary("The loss ledger: what came in, and what became of it, flow by flow");
}
