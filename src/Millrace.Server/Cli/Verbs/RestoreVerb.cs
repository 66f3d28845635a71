using System.CommandLine;
using System.Globalization;
using Millrace.Contracts;
using Millrace.Server.Cli.Output;
using Millrace.Storage.Backup;
using Millrace.Storage.Files;

namespace Millrace.Server.Cli.Verbs;

internal static class RestoreVerb
{
    public static Verb Create(CliContext context)
    {
        var verb = new Verb(
            "restore",
            "Put a backup into an empty directory, for a server to start on. Every file is compared with its checksum.",
            "millrace restore /mnt/backups/monday /var/lib/millrace\nmillrace serve --data /var/lib/millrace");
        var source = new Argument<string>("SRC") { Description = "a backup" };
        var directory = new Argument<string>("DIR") { Description = "a new directory, or an empty one" };
        verb.Add(source);
        verb.Add(directory);
        verb.SetAction((parsed, stop) => RunAsync(context, parsed.GetRequiredValue(source), parsed.GetRequiredValue(directory), stop));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string source, string directory, CancellationToken stop)
    {
        if (File.Exists(directory)) throw new CliException(Exit.Invalid, $"{directory} is a file; name a directory");
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
            throw new CliException(Exit.Invalid, $"{directory} is not empty; name a new directory, or empty it");
        if (!Directory.Exists(source)) throw new CliException(Exit.Invalid, $"{source} is no directory; name a backup");
        var isNew = !Directory.Exists(directory);
        try
        {
            var backup = new ReadOnlyDisk(source);
            var manifest = BackupReading.Read(backup);
            await using var progress = new Progress(context, "restore") { Total = manifest.Files.Sum(static file => file.Bytes) };
            await Task.Run(() => Restore(backup, manifest, directory, progress, stop), stop);
            await context.Out.WriteLineAsync(SafeText.Clean(string.Create(
                CultureInfo.InvariantCulture,
                $"{directory}: {manifest.Files.Count} files, {Cli.Progress.Size(progress.Total)}, as of {manifest.Taken.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}, {progress.Elapsed.TotalSeconds:0.0} s")));
            return Exit.Ok;
        }
        catch (FaultException damaged)
        {
            throw new CliException(Exit.Failure, $"{source}: {damaged.Message}. Nothing was restored.", damaged);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CliException(Exit.Failure, $"{directory} cannot be written, or {source} cannot be read: {refused.Message}. Nothing was restored.", refused);
        }
        finally
        {
            if (isNew && Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any()) Directory.Delete(directory);
        }
    }

    private static void Restore(ReadOnlyDisk backup, BackupManifest manifest, string directory, Progress progress, CancellationToken stop)
    {
        var target = new FileDisk(directory, ownerOnly: true);
        if (target.FreeBytes < progress.Total) throw new IOException($"the backup has {Progress.Size(progress.Total)}, and {Progress.Size(target.FreeBytes)} are free");
        new BackupRestore(backup, target).Run(manifest, progress.Add, stop);
    }
}
