namespace Millrace.Server.Api;

/// <summary>The newest dead letters, newest first.</summary>
public sealed record DeadLettersAnswer(IReadOnlyList<DeadLetterAnswer> DeadLetters);
