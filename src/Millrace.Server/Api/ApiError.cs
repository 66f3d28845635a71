namespace Millrace.Server.Api;

/// <summary>What is wrong, and where.</summary>
/// <param name="Message">What is wrong and what would be right.</param>
/// <param name="Line">From 1, in the text that was sent; null where there is none.</param>
/// <param name="Column">From 1.</param>
/// <param name="Kind">request, syntax, notFound, refused, timeout, memory, cancelled, busy or unavailable.</param>
public sealed record ApiError(string Message, int? Line = null, int? Column = null, string Kind = "request");
