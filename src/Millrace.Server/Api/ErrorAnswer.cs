namespace Millrace.Server.Api;

/// <summary>Why a request was refused.</summary>
public sealed record ErrorAnswer(ApiError Error);
