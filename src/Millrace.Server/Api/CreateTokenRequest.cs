namespace Millrace.Server.Api;

/// <summary>A new token.</summary>
/// <param name="Name">For people.</param>
/// <param name="Days">How long it lasts; null: for ever.</param>
/// <param name="Policies">Null: <c>everything</c>.</param>
public sealed record CreateTokenRequest(string Name, double? Days = null, IReadOnlyList<string>? Policies = null);
