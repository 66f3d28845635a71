namespace Millrace.SystemTests;

/// <summary>A command that has ended.</summary>
public sealed record Ran(int Code, string Output, string Error);
