namespace Millrace.Devices.Credentials;

/// <summary>Somebody who connects with a password.</summary>
/// <param name="Name">The MQTT user name.</param>
/// <param name="Policies">What they may do.</param>
/// <param name="Created">When they were added.</param>
public sealed record User(string Name, IReadOnlyList<string> Policies, DateTimeOffset Created);
