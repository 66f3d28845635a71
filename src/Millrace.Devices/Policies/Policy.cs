namespace Millrace.Devices.Policies;

/// <summary>A policy with its name.</summary>
/// <param name="Name">By which it is attached.</param>
/// <param name="Document">As it was written.</param>
/// <param name="IsBuiltIn">Nobody has written it: it comes with the server.</param>
/// <param name="Changed">When it was written last; null for a built-in one.</param>
public sealed record Policy(string Name, PolicyDocument Document, bool IsBuiltIn, DateTimeOffset? Changed);
