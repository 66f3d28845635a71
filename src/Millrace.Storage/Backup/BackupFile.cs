namespace Millrace.Storage.Backup;

/// <summary>A file of a backup.</summary>
/// <param name="Path">As it is in the data directory.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its bytes, in hex.</param>
public sealed record BackupFile(string Path, long Bytes, string Sha256);
