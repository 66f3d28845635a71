using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>Who a request says it is from: a user with a password, or the bearer of a token.</summary>
public sealed record HttpAuthOptions
{
    public string? User { get; init; }

    /// <summary>Where it stands: see <see cref="SecretText"/>.</summary>
    public string? Password { get; init; }

    /// <summary>Where the bearer's token stands.</summary>
    public string? Token { get; init; }

    public IEnumerable<Problem> Check()
    {
        if (Token is not null && (User is not null || Password is not null)) yield return new("bearer", "stands beside basic; keep one of them");
        if (User is not null && Password is null) yield return new("basic.password", "is missing; " + SecretText.Rule);
        if (User?.Contains(':', StringComparison.Ordinal) == true) yield return new("basic.user", "must not hold a colon");
        foreach (var problem in SecretText.Check("basic.password", Password)) yield return problem;
        foreach (var problem in SecretText.Check("bearer.token", Token)) yield return problem;
    }
}
