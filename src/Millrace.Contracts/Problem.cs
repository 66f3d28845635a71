namespace Millrace.Contracts;

/// <summary>One mistake in what a person configured. They are gathered and shown together, never one at a time.</summary>
/// <param name="Where">The option or the path in the file, as the person wrote it: <c>log.segmentSize</c>, <c>flows.dtc-stop.sql</c>.</param>
/// <param name="What">What is wrong, and what would be right.</param>
/// <param name="Line">From 1, where it came from a file; else 0.</param>
/// <param name="Column">From 1, where it came from a file; else 0.</param>
public sealed record Problem(string Where, string What, int Line = 0, int Column = 0)
{
    public override string ToString() => Line > 0 ? $"{Line}:{Column}: {Where}: {What}" : $"{Where}: {What}";
}
