namespace Millrace.Contracts.Devices;

/// <summary>Whether a client is let in.</summary>
/// <param name="Access">What it may do; null where it is not let in.</param>
/// <param name="KnowsPassword">Of one not let in: false where user name, password or token are wrong, true where it is known and not allowed to connect.</param>
/// <param name="Why">For the operator's log, never for the client.</param>
public readonly record struct ConnectVerdict(IAccess? Access, bool KnowsPassword, string? Why);
