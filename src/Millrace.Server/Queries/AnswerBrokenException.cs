namespace Millrace.Server.Queries;

/// <summary>An answer cannot be ended as its format ends, so that its connection is broken off and nobody takes it for whole.</summary>
internal sealed class AnswerBrokenException(string reason) : Exception($"an answer to a query was broken off: {reason}");
