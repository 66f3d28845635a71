namespace Millrace.Server.Api;

/// <summary>How the server is.</summary>
/// <param name="Status">live, ready or not ready.</param>
/// <param name="Reasons">What keeps it from being ready.</param>
/// <param name="Warnings">What is wrong, or will be, and does not keep it from being ready.</param>
public sealed record HealthAnswer(string Status, IReadOnlyList<string> Reasons, IReadOnlyList<string> Warnings);
