using Millrace.Devices.Credentials;

namespace Millrace.Server.Api;

/// <summary><c>/api/v1/tokens</c></summary>
internal static class TokensApi
{
    private const double MostDays = 36_500;

    private static readonly string[] UsualPolicies = ["everything"];

    public static void MapTokens(this IEndpointRouteBuilder routes, TokenRegistry tokens)
    {
        var group = routes.MapGroup("/api/v1/tokens").RefuseInWords().WithTags("tokens");
        group.MapGet("", () => new TokensAnswer(tokens.List())).WithSummary("All API tokens, without their secrets");
        group.MapPost("", async Task<IResult> (CreateTokenRequest request) => request.Days is <= 0 or > MostDays
                ? Refusals.Refused($"days must be more than 0 and at most {MostDays}")
                : Results.Ok(await tokens.CreateAsync(
                    request.Name, request.Days is { } days ? TimeSpan.FromDays(days) : null, request.Policies ?? UsualPolicies)))
            .Produces<NewToken>().Produces<ErrorAnswer>(400).WithSummary("Makes a token; its secret is in this answer and nowhere else");
        group.MapDelete("/{name}", async (string name) => Refusals.OrNotFound(await tokens.RemoveAsync(name), $"token {name}"))
            .Produces(204).Produces<ErrorAnswer>(404).WithSummary("Removes a token; connections made with it end");
        group.MapPut("/{name}/policies/{policy}", async (string name, string policy) =>
                Refusals.OrNotFound(await tokens.AttachAsync(name, policy), $"token {name}"))
            .Produces<ApiToken>().Produces<ErrorAnswer>(404).WithSummary("Attaches a policy to a token");
        group.MapDelete("/{name}/policies/{policy}", async (string name, string policy) =>
                Refusals.OrNotFound(await tokens.DetachAsync(name, policy), $"token {name}"))
            .Produces<ApiToken>().Produces<ErrorAnswer>(404).WithSummary("Detaches a policy from a token");
    }
}
