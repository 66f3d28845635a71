namespace Millrace.Server.Api;

/// <summary>The ingress log.</summary>
/// <param name="Records">Ever appended.</param>
/// <param name="Kept">Not yet deleted by retention.</param>
/// <param name="Bytes">On disk.</param>
public sealed record LedgerLog(long Records, long Kept, long Bytes);
