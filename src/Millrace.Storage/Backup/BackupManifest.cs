namespace Millrace.Storage.Backup;

/// <summary>What is in a backup: <c>backup.json</c>, written last. Its own checksum is in the file beside it.</summary>
/// <param name="Format">Of this file and of the layout.</param>
/// <param name="Taken">What was acknowledged before is in it.</param>
/// <param name="Files">All of them.</param>
public sealed record BackupManifest(int Format, DateTimeOffset Taken, IReadOnlyList<BackupFile> Files)
{
    public const int CurrentFormat = 1;

    public const string FileName = "backup.json";

    /// <summary>As <c>sha256sum -c</c> reads it.</summary>
    public const string SumName = "backup.json.sha256";

    /// <summary>Holds the data directory.</summary>
    public const string Data = "data";
}
