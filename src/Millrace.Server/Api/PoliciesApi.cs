using System.Text;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Devices;
using Millrace.Devices.Policies;

namespace Millrace.Server.Api;

/// <summary><c>/api/v1/policies</c></summary>
internal static class PoliciesApi
{
    public static void MapPolicies(this IEndpointRouteBuilder routes, Registry registry)
    {
        var policies = registry.Policies;
        var tester = new PolicyTester(registry);
        var group = routes.MapGroup("/api/v1/policies").RefuseInWords().WithTags("policies");
        group.MapGet("", () => new PoliciesAnswer([.. policies.List().Select(AnswerOf)]))
            .WithSummary("All policies, those that come with the server among them");
        group.MapGet("/{name}", (string name) => Refusals.OrNotFound(policies.Find(name) is { } policy ? AnswerOf(policy) : null, $"policy {name}"))
            .Produces<PolicyAnswer>().Produces<ErrorAnswer>(404).WithSummary("One policy");
        group.MapPut("/{name}", async Task<IResult> (string name, HttpContext context) =>
            {
                if (await ReadAsync(context) is not { } text) return Problems([new Problem("policy", $"is longer than {PolicyDocument.MaxLength} characters")]);
                if (!PolicyDocument.TryParse(text, out var document, out var problems)) return Problems(problems);
                await policies.PutAsync(name, document);
                return Results.Ok(AnswerOf(policies.Find(name)!));
            })
            .Accepts<JsonElement>("application/json", "application/x-www-form-urlencoded", "text/plain", "application/octet-stream")
            .Produces<PolicyAnswer>().Produces<ProblemsAnswer>(400)
            .WithSummary("Writes a policy of AWS IoT; it counts for the next packet of every connection");
        group.MapDelete("/{name}", async (string name) => Refusals.OrNotFound(await policies.RemoveAsync(name), $"policy {name}"))
            .Produces(204).Produces<ErrorAnswer>(404).WithSummary("Removes a policy that is not attached");
        group.MapPost("/test", (PolicyTestRequest request) => Test(tester, request))
            .Produces<PolicyTestAnswer>().Produces<ErrorAnswer>(404).Produces<ProblemsAnswer>(400)
            .WithSummary("Says what policies would allow, and which statement decides");
    }

    private static IResult Test(PolicyTester tester, PolicyTestRequest request)
    {
        var question = new PolicyQuestion
        {
            Action = request.Action,
            Topic = request.Topic,
            ClientId = request.ClientId,
            Thing = request.Thing,
            SourceIp = request.SourceIp,
            IsPersistent = request.PersistentConnect,
            HasWill = request.LastWill,
        };
        return request switch
        {
            { Certificate: { } id, User: null, Document: null } => Answer(tester.OfCertificate(id, question), $"certificate {id}"),
            { Certificate: null, User: { } name, Document: null } => Answer(tester.OfUser(name, question), $"user {name}"),
            { Certificate: null, User: null, Document: { } json } => PolicyDocument.TryParse(json.GetRawText(), out var document, out var problems)
                ? Answer(PolicyTester.Of("document", document, question), "")
                : Problems(problems),
            _ => Refusals.Refused("give one of certificate, user and document"),
        };
    }

    private static IResult Answer(PolicyDecision? decision, string what) => Refusals.OrNotFound(decision is null ? null : PolicyTestAnswer.Of(decision), what);

    private static IResult Problems(IReadOnlyList<Problem> problems) =>
        Results.Json(new ProblemsAnswer(problems), Answers.Default.ProblemsAnswer, statusCode: 400);

    private static PolicyAnswer AnswerOf(Policy policy) =>
        new(policy.Name, JsonSerializer.Deserialize(policy.Document.Text, Answers.Default.JsonElement), policy.IsBuiltIn, policy.Changed);

    /// <returns>Null where it is longer than any policy.</returns>
    private static async Task<string?> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            body.Write(buffer, 0, read);
            if (body.Length > PolicyDocument.MaxLength * 4) return null;
        }

        return Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
    }
}
