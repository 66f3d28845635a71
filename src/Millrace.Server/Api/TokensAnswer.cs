using Millrace.Devices.Credentials;

namespace Millrace.Server.Api;

/// <summary>All tokens, without their secrets.</summary>
public sealed record TokensAnswer(IReadOnlyList<ApiToken> Tokens);
