using Millrace.Benchmarks.Stacks;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>PostgreSQL's programs, which refuse to be root.</summary>
internal static class PostgresPrograms
{
    private const string Account = "postgres"; // the package makes it
    private static readonly TimeSpan CreateLimit = TimeSpan.FromMinutes(2);

    /// <summary>A program under its own account where this one is root's.</summary>
    public static ChildProcess Start(string program, IEnumerable<string> words)
    {
        var file = PeerPrograms.PathOf(program);
        return Environment.IsPrivilegedProcess
            ? new ChildProcess(program, PeerPrograms.PathOf("setpriv"), [$"--reuid={Account}", $"--regid={Account}", "--init-groups", file, .. words])
            : new ChildProcess(program, file, words);
    }

    /// <summary>A fresh cluster in a directory that is there already, and empty.</summary>
    public static async Task CreateAsync(string directory, string user, CancellationToken stop)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await using var own = new ChildProcess("chown", PeerPrograms.PathOf("chown"), [Account, directory]);
            await own.EndsWellAsync(CreateLimit, stop);
        }

        await using var create = Start("initdb", ["-D", directory, "-U", user, "--auth=trust", "--no-locale", "--encoding=UTF8"]);
        await create.EndsWellAsync(CreateLimit, stop);
    }
}
