namespace Millrace.Server.Api;

/// <summary>A new user.</summary>
/// <param name="Name">The MQTT user name.</param>
/// <param name="Password">At least 8 characters.</param>
/// <param name="Policies">Null: <c>everything</c>.</param>
public sealed record CreateUserRequest(string Name, string Password, IReadOnlyList<string>? Policies = null);
