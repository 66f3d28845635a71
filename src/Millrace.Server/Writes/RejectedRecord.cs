namespace Millrace.Server.Writes;

/// <summary>A record that was not stored.</summary>
/// <param name="RecordIndex">From 0 in a JSON request; in a CSV the number of the line, from 1.</param>
/// <param name="Reason">Timestream's, where it has one.</param>
/// <param name="ExistingVersion">Of the record that is there already, where that is why.</param>
public sealed record RejectedRecord(int RecordIndex, string Reason, long? ExistingVersion = null);
