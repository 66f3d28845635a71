namespace Millrace.Server.Api;

/// <summary>What a live view asks for.</summary>
/// <param name="Type">watch or unwatch.</param>
/// <param name="Id">The client's own name for it.</param>
/// <param name="Table"><c>database.table</c>.</param>
/// <param name="Dimensions">The series, by its dimensions.</param>
/// <param name="Measure">Its measure name.</param>
/// <param name="Column">The column, in a table of multi-measure records.</param>
/// <param name="Since">Milliseconds since 1970: only newer points are sent.</param>
public sealed record LiveRequest(
    string? Type, string? Id, string? Table, IReadOnlyDictionary<string, string>? Dimensions, string? Measure, string? Column, double? Since);
