namespace Millrace.Server.Api;

/// <summary>How long records took from their arrival to when their destination had them, since the start of the server.</summary>
/// <param name="Records">How many.</param>
/// <param name="MeanMs">In milliseconds; null where there was none.</param>
/// <param name="HalfWithinMs">Half of them took no longer; null where there was none, or it is over an hour.</param>
/// <param name="MostWithinMs">99 of 100 took no longer; null as above.</param>
public sealed record LedgerLatency(long Records, double? MeanMs, double? HalfWithinMs, double? MostWithinMs);
