namespace Millrace.Server.Api;

/// <summary>What a pipeline file changed; each as <c>flow cars-telemetry</c>.</summary>
public sealed record ApplyAnswer(
    IReadOnlyList<string> Created, IReadOnlyList<string> Changed, IReadOnlyList<string> Unchanged, IReadOnlyList<string> Removed);
