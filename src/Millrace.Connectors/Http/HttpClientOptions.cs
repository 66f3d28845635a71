namespace Millrace.Connectors.Http;

/// <summary>How connections to a destination are made.</summary>
/// <param name="CaFile">PEM: certificates that servers' certificates must come from, in place of the machine's; null: the machine's.</param>
/// <param name="LinkLocal">Whether link-local addresses may be reached, where clouds keep credentials of the machine (169.254.169.254).</param>
/// <param name="SystemProxy">Whether the proxy that the environment names is used.</param>
public sealed record HttpClientOptions(string? CaFile = null, bool LinkLocal = false, bool SystemProxy = false);
