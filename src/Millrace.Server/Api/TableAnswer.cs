namespace Millrace.Server.Api;

/// <summary>A table.</summary>
/// <param name="Name"><c>database.table</c>.</param>
/// <param name="Dimensions">Names of its dimension columns.</param>
/// <param name="Measures">What was measured, and the types.</param>
/// <param name="MultiMeasure">Whether each measure is a column of its own.</param>
/// <param name="Series">How many there are.</param>
public sealed record TableAnswer(
    string Name, IReadOnlyList<string> Dimensions, IReadOnlyList<MeasureAnswer> Measures, bool MultiMeasure, long Series);
