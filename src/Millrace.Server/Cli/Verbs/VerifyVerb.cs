using System.CommandLine;
using Millrace.Contracts;
using Millrace.Server.Cli.Output;
using Millrace.Server.Cli.Transfer;
using Millrace.Storage.Backup;
using Millrace.Storage.Files;

namespace Millrace.Server.Cli.Verbs;

internal static class VerifyVerb
{
    private const string Variable = "MILLRACE_DATA";

    public static Verb Create(CliContext context)
    {
        var verb = new Verb(
            "verify",
            "Read every byte of a data directory, of which no server has hold, or of a backup, and tell of all that is not as it was written.",
            "millrace verify /var/lib/millrace");
        var directory = new Argument<string?>("DIR")
        {
            Description = $"a data directory, or a backup [default: {Variable} or ./data]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        verb.Add(directory);
        verb.SetAction(async (parsed, stop) =>
        {
            var path = parsed.GetValue(directory) ?? (context.Environment.GetValueOrDefault(Variable) is { Length: > 0 } variable ? variable : "./data");
            if (!Directory.Exists(path)) throw new CliException(Exit.Invalid, $"{path} is no directory; name a data directory or a backup");
            var isBackup = File.Exists(Path.Combine(path, BackupManifest.FileName));
            try
            {
                using var held = DataDirectory.Hold(path);
                return await new VerifyRun(context, Path.GetFullPath(path)).GoAsync(isBackup, stop);
            }
            catch (FaultException used) when (used.Fault == Fault.Unavailable)
            {
                throw new CliException(Exit.Failure, $"{used.Message}. What a server writes meanwhile would look like damage: stop it, or take a backup (millrace backup DEST) and verify that.", used);
            }
        });
        return verb;
    }
}
