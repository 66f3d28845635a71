namespace Millrace.Server.Api;

/// <summary>A line of a CSV that was not stored.</summary>
/// <param name="Line">From 1, the header's.</param>
/// <param name="Reason">Timestream's, where it has one.</param>
/// <param name="ExistingVersion">Of the record that is there already, where that is why.</param>
public sealed record RejectedLine(int Line, string Reason, long? ExistingVersion);
