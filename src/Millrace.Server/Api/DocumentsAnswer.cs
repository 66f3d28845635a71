namespace Millrace.Server.Api;

/// <summary>Documents in ordinal order of their keys.</summary>
/// <param name="Documents">As many as were asked for.</param>
/// <param name="After">Give it as <c>after</c> for those that follow; null where there are none.</param>
public sealed record DocumentsAnswer(IReadOnlyList<DocumentAnswer> Documents, string? After);
