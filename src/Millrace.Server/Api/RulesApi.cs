using System.Text.Json;
using Millrace.Server.Rules;

namespace Millrace.Server.Api;

/// <summary><c>/api/v1/rules</c></summary>
internal static class RulesApi
{
    public static void MapRules(this IEndpointRouteBuilder routes, RuleHost rules)
    {
        var group = routes.MapGroup("/api/v1/rules").RefuseInWords().WithTags("rules");
        group.MapGet("", () => new RulesAnswer([.. rules.List().Select(rule => RuleAnswer.Of(rule, rules))]))
            .WithSummary("All rules, the flows of the pipeline file among them");
        group.MapGet("/{name}", (string name) => Refusals.OrNotFound(rules.Find(name) is { } rule ? RuleAnswer.Of(rule, rules) : null, $"rule {name}"))
            .Produces<RuleAnswer>().Produces<ErrorAnswer>(404).WithSummary("One rule");
        group.MapPut("/{name}", async Task<IResult> (string name, HttpContext context) =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body, context.RequestAborted);
                var problems = await rules.PutAsync(name, body.ToArray());
                return problems.Count > 0
                    ? Results.Json(new ProblemsAnswer(problems), Answers.Default.ProblemsAnswer, statusCode: 400)
                    : Results.Ok(RuleAnswer.Of(rules.Find(name)!, rules));
            })
            .Accepts<JsonElement>("application/json", "application/yaml", "text/plain", "application/octet-stream", "application/x-www-form-urlencoded")
            .Produces<RuleAnswer>().Produces<ProblemsAnswer>(400)
            .WithSummary("Makes a rule of AWS IoT, or replaces it; the new one goes on where the old one stopped");
        group.MapDelete("/{name}", async (string name) => Refusals.OrNotFound(await rules.RemoveAsync(name), $"rule {name}"))
            .Produces(204).Produces<ErrorAnswer>(404).WithSummary("Removes a rule; one of the same name that comes later starts anew");
        group.MapPost("/{name}/enable", async (string name) => Refusals.OrNotFound(await rules.EnableAsync(name, isEnabled: true), $"rule {name}"))
            .Produces(204).Produces<ErrorAnswer>(404).WithSummary("Enables a rule: it goes on where it was disabled");
        group.MapPost("/{name}/disable", async (string name) => Refusals.OrNotFound(await rules.EnableAsync(name, isEnabled: false), $"rule {name}"))
            .Produces(204).Produces<ErrorAnswer>(404).WithSummary("Disables a rule, which keeps its place");
    }
}
