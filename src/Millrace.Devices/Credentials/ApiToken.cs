namespace Millrace.Devices.Credentials;

/// <summary>A token, without its secret, which nobody has but its holder.</summary>
/// <param name="Name">For people.</param>
/// <param name="Policies">What its holder may do.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">It lets nobody in from then on; null: never.</param>
public sealed record ApiToken(string Name, IReadOnlyList<string> Policies, DateTimeOffset Created, DateTimeOffset? Expires);
