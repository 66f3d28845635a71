namespace Millrace.Storage.Verify;

/// <summary>What one part of a data directory was found to have.</summary>
/// <param name="Name">As <c>log</c> or <c>series</c>.</param>
/// <param name="Files">How many there are.</param>
/// <param name="Bytes">Of all of them.</param>
/// <param name="Damages">How much of it is lost.</param>
/// <param name="More">What else there is to tell of it; null: nothing.</param>
public sealed record VerifiedPart(string Name, int Files, long Bytes, int Damages, string? More);
