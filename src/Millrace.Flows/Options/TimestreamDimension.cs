namespace Millrace.Flows.Options;

/// <summary>A column that says what was measured.</summary>
/// <param name="Name">Of the column.</param>
/// <param name="Value">A template.</param>
public sealed record TimestreamDimension(string Name, string Value);
