using System.Text.Json;
using Millrace.Server.Queries;

namespace Millrace.Server.Api;

/// <summary><c>POST /api/v1/query</c></summary>
internal static class QueryApi
{
    public static void MapQuery(this IEndpointRouteBuilder routes, QueryService queries) =>
        routes.MapPost("/api/v1/query", (Delegate)(async Task (HttpContext context) =>
            {
                QueryRequest? request;
                try
                {
                    // Whatever the content type: curl says it is a form, and nothing else than JSON makes sense here.
                    request = await JsonSerializer.DeserializeAsync(context.Request.Body, Answers.Default.QueryRequest, context.RequestAborted);
                }
                catch (JsonException)
                {
                    request = null;
                }

                if (string.IsNullOrWhiteSpace(request?.Sql))
                {
                    await RefuseAsync(context, 400, new ApiError("""the body must be JSON with the statement: {"sql":"SELECT …"}"""));
                    return;
                }

                await queries.AnswerAsync(request.Sql, context);
            }))
            .Accepts<QueryRequest>("application/json", "application/x-www-form-urlencoded", "text/plain", "application/octet-stream")
            .Produces(200, contentType: "application/json")
            .Produces<ErrorAnswer>(400)
            .WithSummary("Runs one SELECT; answers {\"columns\":[{\"name\",\"type\"}],\"rows\":[[…]],\"truncated\",\"complete\"}");

    internal static async Task RefuseAsync(HttpContext context, int status, ApiError error)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, new ErrorAnswer(error), Answers.Default.ErrorAnswer, context.RequestAborted);
    }
}
