namespace Millrace.Server.Api;

/// <summary>The ingress log.</summary>
/// <param name="Records">Ever appended.</param>
/// <param name="Kept">Not yet deleted by retention.</param>
/// <param name="Bytes">On disk.</param>
/// <param name="RuleNotFound">Messages of Basic Ingest that named a flow that was not there: every flow has passed them over.</param>
public sealed record LedgerLog(long Records, long Kept, long Bytes, long RuleNotFound);
