using Millrace.Devices.Credentials;

namespace Millrace.Server.Api;

/// <summary><c>/api/v1/users</c></summary>
internal static class UsersApi
{
    private static readonly string[] UsualPolicies = ["everything"];

    public static void MapUsers(this IEndpointRouteBuilder routes, UserRegistry users)
    {
        var group = routes.MapGroup("/api/v1/users").RefuseInWords().WithTags("users");
        group.MapGet("", () => new UsersAnswer(users.List())).WithSummary("All users");
        group.MapPost("", (CreateUserRequest request) => users.AddAsync(request.Name, request.Password, request.Policies ?? UsualPolicies))
            .Produces<User>().Produces<ErrorAnswer>(400).WithSummary("Adds a user");
        group.MapPut("/{name}/password", async (string name, PasswordRequest request) =>
                Refusals.OrNotFound(await users.ChangePasswordAsync(name, request.Password), $"user {name}"))
            .Produces<User>().Produces<ErrorAnswer>(404).WithSummary("Changes a password; connections made with the old one end");
        group.MapDelete("/{name}", async (string name) => Refusals.OrNotFound(await users.RemoveAsync(name), $"user {name}"))
            .Produces(204).Produces<ErrorAnswer>(404).WithSummary("Removes a user; their connections end");
        group.MapPut("/{name}/policies/{policy}", async (string name, string policy) =>
                Refusals.OrNotFound(await users.AttachAsync(name, policy), $"user {name}"))
            .Produces<User>().Produces<ErrorAnswer>(404).WithSummary("Attaches a policy to a user");
        group.MapDelete("/{name}/policies/{policy}", async (string name, string policy) =>
                Refusals.OrNotFound(await users.DetachAsync(name, policy), $"user {name}"))
            .Produces<User>().Produces<ErrorAnswer>(404).WithSummary("Detaches a policy from a user");
    }
}
