namespace Millrace.Flows.Options;

/// <summary>A header of a request or a message.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">A template; null where <paramref name="Secret"/> is given.</param>
/// <param name="Secret">Where its value stands: see <see cref="SecretText"/>.</param>
public sealed record HeaderOptions(string Key, string? Value, string? Secret = null);
