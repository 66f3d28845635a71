namespace Millrace.Server.Api;

/// <summary>Records that were stored, as Timestream counts them.</summary>
/// <param name="Total">All of them; those among them that were there already, equal.</param>
/// <param name="MemoryStore">Not older than their table's memory retention.</param>
/// <param name="MagneticStore">Older.</param>
public sealed record RecordsIngested(long Total, long MemoryStore, long MagneticStore);
