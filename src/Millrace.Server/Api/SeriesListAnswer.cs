namespace Millrace.Server.Api;

/// <summary>One series.</summary>
/// <param name="Dimensions">Name and value of each dimension.</param>
/// <param name="Measure">Its measure name.</param>
/// <param name="Type">SQL type of the value; null where there are several columns.</param>
/// <param name="Latest">Time of its newest point.</param>
public sealed record SeriesListAnswer(IReadOnlyDictionary<string, string> Dimensions, string Measure, string? Type, DateTimeOffset? Latest);
