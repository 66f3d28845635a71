namespace Millrace.Storage.Series;

/// <summary>A row that a higher version replaced.</summary>
/// <param name="Series">Its series.</param>
/// <param name="TimeNs">Its time.</param>
/// <param name="Version">Its version, which tells it from the one that replaces it.</param>
/// <param name="Target">The generation that holds it; 0 for files.</param>
/// <param name="Generation">The generation that holds the row that replaces it.</param>
internal readonly record struct ReplacedRow(int Series, long TimeNs, long Version, int Target, int Generation);
