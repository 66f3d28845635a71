using Millrace.Contracts;
using Millrace.Server.Pipeline;

namespace Millrace.Server.Api;

/// <summary><c>POST /api/v1/pipeline</c></summary>
internal static class PipelineApi
{
    public static void MapPipeline(this IEndpointRouteBuilder routes, PipelineHost host) =>
        routes.MapPost("/api/v1/pipeline", async Task<IResult> (HttpContext context) =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body, context.RequestAborted);
                var text = body.ToArray();
                if (!PipelineReader.TryRead(text, out var file, out var problems)) return Refused(problems);
                try
                {
                    var all = (await host.ApplyAsync(new PipelineSource(file, text))).All;
                    return Results.Json(new ApplyAnswer(all.Created, all.Changed, all.Unchanged, all.Removed), Answers.Default.ApplyAnswer);
                }
                catch (FaultException refused) when (refused.Fault == Fault.Refused)
                {
                    return Refused([new Problem("pipeline", refused.Message)]);
                }
            })
            .Produces<ApplyAnswer>()
            .Produces<ProblemsAnswer>(400)
            .WithSummary("Makes the server what a pipeline file (YAML) says; the same file again changes nothing");

    private static IResult Refused(IReadOnlyList<Problem> problems) =>
        Results.Json(new ProblemsAnswer(problems), Answers.Default.ProblemsAnswer, statusCode: 400);
}
