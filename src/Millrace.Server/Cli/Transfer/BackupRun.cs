using System.Globalization;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Server.Api;
using Millrace.Server.Cli.Output;
using Millrace.Storage.Backup;
using Millrace.Storage.Files;

namespace Millrace.Server.Cli.Transfer;

/// <summary>Copies the data directory of a running server on this machine.</summary>
/// <param name="context">The outside.</param>
/// <param name="output">A directory that is not there yet, or is empty.</param>
/// <param name="older">A backup whose unchanged files are taken over; null: all are copied.</param>
internal sealed class BackupRun(CliContext context, string output, string? older)
{
    private const string Path = "api/v1/backup";
    private const int LongestAnswer = 512 << 20;

    private readonly string _full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(output));

    public async Task<int> GoAsync(ServerClient server, CancellationToken stop)
    {
        if (File.Exists(_full) || (Directory.Exists(_full) && Directory.EnumerateFileSystemEntries(_full).Any()))
            throw new CliException(Exit.Invalid, $"{output} is there already; name a new directory");
        var before = Older();
        var refused = await server.StreamAsync(Path, new ByteArrayContent([]), (_, body) => CopyAsync(body, before, stop), stop);
        if (refused.IsOk) return Exit.Ok;
        await context.Error.WriteLineAsync(SafeText.Clean(refused.Reason));
        return refused.ExitCode;
    }

    private BackupManifest? Older()
    {
        if (older is null) return null;
        try
        {
            return BackupReading.Read(new ReadOnlyDisk(older));
        }
        catch (Exception wrong) when (wrong is FaultException or IOException or UnauthorizedAccessException)
        {
            throw new CliException(Exit.Invalid, $"--after {older}: {wrong.Message}", wrong);
        }
    }

    private async Task CopyAsync(Stream body, BackupManifest? before, CancellationToken stop)
    {
        var answer = await AnswerAsync(body, stop);
        if (IsIn(_full, answer.Data)) throw new CliException(Exit.Invalid, $"{output} is in the data directory {answer.Data}; name a directory elsewhere, best on another disk");
        if (!Directory.Exists(answer.Directory))
            throw new CliException(Exit.Failure, $"{answer.Directory} is not to be seen from here: run millrace backup on the server's machine, as the user that the server runs as");

        var unfinished = $"{_full}.unfinished-{Guid.NewGuid():N}";
        try
        {
            await using var progress = new Progress(context, "backup") { Total = answer.Files.Sum(static file => file.Bytes) };
            var writer = await Task.Run(() => Copy(answer, before, unfinished, progress, stop), stop);
            var manifest = writer.Finish(answer.Taken);
            if (Directory.Exists(_full)) Directory.Delete(_full);
            Directory.Move(unfinished, _full);
            await TellAsync(answer, manifest, writer, progress);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new CliException(Exit.Failure, Why(failed, answer), failed);
        }
        finally
        {
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        }
    }

    private BackupWriter Copy(BackupAnswer answer, BackupManifest? before, string unfinished, Progress progress, CancellationToken stop)
    {
        var target = new FileDisk(unfinished, ownerOnly: true);
        if (before is null && target.FreeBytes < progress.Total)
            throw new IOException($"the backup needs {Progress.Size(progress.Total)}, and {Progress.Size(target.FreeBytes)} are free for {output}");
        var known = before?.Files.ToDictionary(static file => file.Path, StringComparer.Ordinal) ?? [];
        var writer = new BackupWriter(new ReadOnlyDisk(answer.Directory), target, known, path => TakeOver(path, unfinished));
        foreach (var file in answer.Files) writer.Copy(file, progress.Add, stop);
        return writer;
    }

    // On another file system than the older backup, files are copied as ever.
    private bool TakeOver(string path, string unfinished)
    {
        var target = System.IO.Path.Combine(unfinished, path);
        try
        {
            new FileDisk(unfinished, ownerOnly: true).SyncDirectory(AtomicFile.DirectoryOf(path));
            HardLink.Make(System.IO.Path.Combine(System.IO.Path.GetFullPath(older!), path), target);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<BackupAnswer> AnswerAsync(Stream body, CancellationToken stop)
    {
        var line = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (line.Length == 0 || line.GetBuffer()[line.Length - 1] != (byte)'\n')
        {
            var read = await body.ReadAsync(buffer, stop);
            if (read == 0 || line.Length > LongestAnswer) throw new CliException(Exit.Failure, "The server's answer broke off: is it stopping?");
            line.Write(buffer, 0, read);
        }

        return JsonSerializer.Deserialize(line.GetBuffer().AsSpan(0, (int)line.Length), Answers.Default.BackupAnswer)
            ?? throw new CliException(Exit.Failure, "The server's answer says nothing: is it of another version than this program?");
    }

    private static bool IsIn(string path, string directory) => $"{path}/".StartsWith($"{System.IO.Path.TrimEndingDirectorySeparator(directory)}/", StringComparison.Ordinal);

    private string Why(Exception failed, BackupAnswer answer) =>
        failed is FileNotFoundException || !Directory.Exists(answer.Directory) ? $"the server has ended meanwhile, and with it what was to be copied; nothing is left of this backup: {failed.Message}"
        : $"{failed.Message}. Nothing is left of this backup. Its files are those of {answer.Data}: run this as the user that the server runs as, and see that {output} can be written and has room.";

    private async Task TellAsync(BackupAnswer answer, BackupManifest manifest, BackupWriter writer, Progress progress)
    {
        await context.Out.WriteLineAsync(SafeText.Clean(string.Create(
            CultureInfo.InvariantCulture,
            $"{output}: {manifest.Files.Count} files, {Progress.Size(progress.Total)}{(older is null ? "" : $", {Progress.Size(writer.TakenOver)} of them as in {older}")}, {progress.Elapsed.TotalSeconds:0.0} s; as of {answer.Taken:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}")));
        if (answer.RemoteFiles > 0)
            await context.Error.WriteLineAsync($"{answer.RemoteFiles} files of time series are only in the bucket and not in this backup: it can be restored as long as the bucket has them.");
    }
}
