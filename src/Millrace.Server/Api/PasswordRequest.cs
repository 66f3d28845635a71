namespace Millrace.Server.Api;

/// <summary>A user's new password.</summary>
public sealed record PasswordRequest(string Password);
