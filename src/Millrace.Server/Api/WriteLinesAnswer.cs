namespace Millrace.Server.Api;

/// <summary>The answer to a CSV.</summary>
/// <param name="RecordsIngested">What was stored.</param>
/// <param name="Absorbed">Of those, the ones that were there already, equal.</param>
/// <param name="TimesCorrected">Of those, the ones that were too far ahead and got the time of their arrival.</param>
/// <param name="Rejected">Lines that were not stored.</param>
/// <param name="RejectedLines">The first hundred of them.</param>
public sealed record WriteLinesAnswer(RecordsIngested RecordsIngested, long Absorbed, long TimesCorrected, long Rejected, IReadOnlyList<RejectedLine> RejectedLines);
