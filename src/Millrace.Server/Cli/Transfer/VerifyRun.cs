using System.Globalization;
using Millrace.Server.Cli.Output;
using Millrace.Storage.Backup;
using Millrace.Storage.Files;
using Millrace.Storage.Verify;

namespace Millrace.Server.Cli.Transfer;

/// <summary>Reads a data directory or a backup, and tells what it finds as it finds it.</summary>
internal sealed class VerifyRun(CliContext context, string directory)
{
    private int _damages;
    private int _notes;

    public async Task<int> GoAsync(bool isBackup, CancellationToken stop)
    {
        var parts = new List<VerifiedPart>();
        await using (var progress = new Progress(context, "verify"))
        {
            var disk = new MeteredDisk(new ReadOnlyDisk(directory), progress.Add);
            if (isBackup) VerifySums(disk, progress, stop);
            else progress.Total = Total(directory);
            var data = isBackup ? Path.Combine(directory, BackupManifest.Data) : directory;
            parts.AddRange(new DataVerify(isBackup ? new MeteredDisk(new ReadOnlyDisk(data), progress.Add) : disk, Tell).Run(stop));
        }

        foreach (var part in parts) await context.Out.WriteLineAsync(SafeText.Clean(Line(part)));
        await context.Out.WriteLineAsync(
            _damages > 0 ? $"{_damages} {(_damages == 1 ? "damage" : "damages")} in {directory}"
            : parts.Count == 0 ? $"{directory} has nothing of Millrace's"
            : $"all is as it was written in {directory}");
        return _damages > 0 ? Exit.Failure : Exit.Ok;
    }

    private void VerifySums(IDisk disk, Progress progress, CancellationToken stop)
    {
        var manifest = BackupReading.Read(disk);
        progress.Total = 2 * manifest.Files.Sum(static file => file.Bytes);
        foreach (var fault in BackupReading.Check(disk, manifest, stop)) Tell(new DiskFault(fault));
    }

    // A first look at sizes alone; what cannot be listed is told of when its turn comes.
    private static long Total(string directory)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return new DirectoryInfo(directory).EnumerateFiles("*", options).Sum(static file => file.Length);
    }

    private void Tell(DiskFault fault)
    {
        if (fault.IsDamage) _damages++;
        else _notes++;
        if (_damages + _notes <= Most) context.Out.WriteLine(SafeText.Clean($"{(fault.IsDamage ? "damage" : "note")}: {fault.Text}"));
        else if (_damages + _notes == Most + 1) context.Out.WriteLine($"more than {Most} faults: the rest is counted and not told");
    }

    private const int Most = 10_000;

    private static string Line(VerifiedPart part) => string.Create(
        CultureInfo.InvariantCulture,
        $"{part.Name}: {part.Files} {(part.Files == 1 ? "file" : "files")}, {Progress.Size(part.Bytes)}{(part.More is null ? "" : $", {part.More}")}{(part.Damages > 0 ? $", {part.Damages} damaged" : "")}");
}
