namespace Millrace.Server.Api;

/// <summary>Series of a table.</summary>
/// <param name="Series">At most as many as asked for.</param>
/// <param name="Truncated">Whether there are more.</param>
public sealed record SeriesAnswer(IReadOnlyList<SeriesListAnswer> Series, bool Truncated);
