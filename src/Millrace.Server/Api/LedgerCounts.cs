namespace Millrace.Server.Api;

/// <summary><c>matched = stored + absorbed + rejected + deadLettered + waiting</c>.</summary>
/// <param name="Matched">All of them.</param>
/// <param name="Stored">At the destination.</param>
/// <param name="Absorbed">There already, equal.</param>
/// <param name="Rejected">Refused by the destination's rules.</param>
/// <param name="DeadLettered">Unreadable.</param>
/// <param name="Waiting">On their way.</param>
public sealed record LedgerCounts(long Matched, long Stored, long Absorbed, long Rejected, long DeadLettered, long Waiting);
