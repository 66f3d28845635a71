namespace Millrace.Storage.Series.Query;

/// <summary>How a query ended whose rows were handed out as they came.</summary>
/// <param name="Rows">So many were handed out.</param>
/// <param name="Truncated">There were more than the answer may have.</param>
/// <param name="Elapsed">How long it computed, waiting for its turn and for whoever read the rows not counted.</param>
public sealed record QueryEnd(long Rows, bool Truncated, TimeSpan Elapsed);
