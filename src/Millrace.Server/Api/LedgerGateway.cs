namespace Millrace.Server.Api;

/// <summary>Messages published to the gateway: <c>received = acknowledged + accepted + refused + waiting</c>.</summary>
/// <param name="Received">PUBLISH packets and HTTP publishes.</param>
/// <param name="Acknowledged">QoS 1, safe in the log.</param>
/// <param name="Accepted">QoS 0, handed on and given to the log.</param>
/// <param name="Refused">Against a limit or a rule; the publisher was told where the protocol can.</param>
/// <param name="Waiting">QoS 1, not safe yet.</param>
/// <param name="Connections">Open now.</param>
/// <param name="Balanced">Whether the equation holds.</param>
public sealed record LedgerGateway(
    long Received, long Acknowledged, long Accepted, long Refused, long Waiting, long Connections, bool Balanced);
