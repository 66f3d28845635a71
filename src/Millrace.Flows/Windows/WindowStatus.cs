namespace Millrace.Flows.Windows;

/// <summary>What the windows of a flow hold, at one moment.</summary>
/// <param name="Flow">Its name.</param>
/// <param name="Open">Groups in windows that have not ended.</param>
/// <param name="Watermark">What ends up to there has ended; null where there was no row yet.</param>
/// <param name="Oldest">Where the oldest open window begins; null where none is open.</param>
/// <param name="Emitted">Rows of windows that ended, from the first day.</param>
/// <param name="Late">Messages that came too late for a window, from the first day.</param>
/// <param name="NoRoom">Messages refused because there were too many groups already, from the first day.</param>
/// <param name="Waiting">Rows and late messages that are not in their log yet.</param>
/// <param name="SnapshotBytes">Of the last one.</param>
public sealed record WindowStatus(
    string Flow, int Open, DateTimeOffset? Watermark, DateTimeOffset? Oldest, long Emitted, long Late, long NoRoom, int Waiting, long SnapshotBytes);
