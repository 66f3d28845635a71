namespace Millrace.Server.Api;

/// <summary>All policies.</summary>
public sealed record PoliciesAnswer(IReadOnlyList<PolicyAnswer> Policies);
