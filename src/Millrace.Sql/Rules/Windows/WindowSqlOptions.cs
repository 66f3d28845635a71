namespace Millrace.Sql.Rules.Windows;

/// <summary>That a statement may group messages by windows, because whoever asked keeps state for it.</summary>
/// <param name="TimeField">The field that holds the event time, a path with dots; null: the arrival of the message.</param>
public sealed record WindowSqlOptions(string? TimeField = null);
