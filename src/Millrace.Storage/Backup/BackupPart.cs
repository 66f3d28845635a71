namespace Millrace.Storage.Backup;

/// <summary>A file of a data directory at one moment.</summary>
/// <param name="Path">Relative to it.</param>
/// <param name="Bytes">So many belong to that moment; the file may have more.</param>
public sealed record BackupPart(string Path, long Bytes);
