using Millrace.Server.Writes;

namespace Millrace.Server.Api;

/// <summary>The answer to Timestream's JSON, in its words.</summary>
/// <param name="RecordsIngested">What was stored.</param>
/// <param name="Message">Where records were rejected.</param>
/// <param name="RejectedRecords">All of them, in order.</param>
public sealed record WriteRecordsAnswer(RecordsIngested RecordsIngested, string? Message = null, IReadOnlyList<RejectedRecord>? RejectedRecords = null);
