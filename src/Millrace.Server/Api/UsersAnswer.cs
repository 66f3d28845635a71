using Millrace.Devices.Credentials;

namespace Millrace.Server.Api;

/// <summary>All users.</summary>
public sealed record UsersAnswer(IReadOnlyList<User> Users);
