using System.Text.Json;
using Millrace.Server.Queries;

namespace Millrace.Server.Api;

/// <summary><c>POST /api/v1/query[?format=json|csv|jsonl|parquet][&amp;limit=N|none]</c></summary>
internal static class QueryApi
{
    public static void MapQuery(this IEndpointRouteBuilder routes, QueryService queries) =>
        routes.MapPost("/api/v1/query", (Delegate)(async Task (HttpContext context) =>
            {
                // Whatever the content type: curl says it is a form, and nothing else than JSON makes sense here.
                var request = await QueryBody.ReadAsync(context.Request.BodyReader, context.RequestAborted);
                var (ask, problem) = QueryAsk.Read(request, context.Request);
                if (ask is null) await RefuseAsync(context, 400, new ApiError(problem));
                else await queries.AnswerAsync(ask, context);
            }))
            .Accepts<QueryRequest>("application/json", "application/x-www-form-urlencoded", "text/plain", "application/octet-stream")
            .Produces(200, contentType: "application/json", additionalContentTypes: ["text/csv", "application/jsonl", "application/vnd.apache.parquet"])
            .Produces<ErrorAnswer>(400)
            .WithSummary("Runs one SELECT; answers {\"columns\":[{\"name\",\"type\"}],\"rows\":[[…]],\"truncated\",\"complete\"}, or CSV, JSON Lines, Parquet, while it runs");

    internal static async Task RefuseAsync(HttpContext context, int status, ApiError error)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, new ErrorAnswer(error), Answers.Default.ErrorAnswer, context.RequestAborted);
    }
}
