using System.CommandLine;
using Millrace.Server.Cli.Transfer;

namespace Millrace.Server.Cli.Verbs;

internal static class BackupVerb
{
    public static Verb Create(CliContext context)
    {
        var output = new Argument<string>("DEST") { Description = "a new directory, best on another disk" };
        var older = new Option<string?>("--after") { Description = "an older backup on the same disk: files that have not changed since are not copied again", HelpName = "BACKUP" };
        return AskingVerb.Create(
            context,
            "backup",
            "Copy the data directory of the running server on this machine, as the user it runs as. What was acknowledged before is in the copy; so are keys and password hashes.",
            "millrace backup /mnt/backups/monday\nmillrace backup /mnt/backups/tuesday --after /mnt/backups/monday",
            [output, older],
            (parsed, server, stop) => new BackupRun(context, parsed.GetRequiredValue(output), parsed.GetValue(older)).GoAsync(server, stop));
    }
}
