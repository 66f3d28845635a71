namespace Millrace.Server.Api;

/// <summary>A measure and its SQL type.</summary>
public sealed record MeasureAnswer(string Name, string Type);
