using Millrace.Storage.Backup;

namespace Millrace.Server.Api;

/// <summary>Where the files of a backup are, on the server's machine, for as long as the answer goes on.</summary>
/// <param name="Data">The data directory.</param>
/// <param name="Directory">Holds the files; absolute.</param>
/// <param name="Taken">What was acknowledged before is in them.</param>
/// <param name="RemoteFiles">Files of time series that are only in the bucket.</param>
/// <param name="Files">All that belong to it.</param>
internal sealed record BackupAnswer(string Data, string Directory, DateTimeOffset Taken, int RemoteFiles, IReadOnlyList<BackupPart> Files);
