using Millrace.Contracts;

namespace Millrace.Benchmarks.Stacks;

/// <summary>The programs of others that are compared with ours.</summary>
internal static class PeerPrograms
{
    private static readonly TimeSpan RestoreLimit = TimeSpan.FromMinutes(3);

    /// <summary>Debian's package of each.</summary>
    private static readonly Dictionary<string, string> Packages = new()
    {
        ["mosquitto"] = "mosquitto",
        ["node"] = "nodejs",
        ["npm"] = "npm",
        ["influxd"] = "influxdb",
        ["postgres"] = "postgresql",
        ["initdb"] = "postgresql",
        ["clickhouse-server"] = "clickhouse-server",
    };

    private const string PostgresFolder = "/usr/lib/postgresql";

    // Debian installs daemons where only root's PATH looks, and PostgreSQL in a folder for each version.
    private static readonly string[] Folders =
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/usr/local/sbin",
        .. Directory.Exists(PostgresFolder) ? Directory.EnumerateDirectories(PostgresFolder).OrderDescending(StringComparer.Ordinal).Select(static d => $"{d}/bin") : [],
    ];

    public static string BridgeFolder => SourceTree.Find("bench/peer", "Run the benchmark from the repository it was built in.");

    /// <summary>What to install; null where all is there.</summary>
    public static string? Missing(params string[] programs)
    {
        var missing = programs.Where(static p => Find(p) is null).ToArray();
        return missing.Length == 0
            ? null
            : $"To compare with, {string.Join(", ", missing)} must be installed. On Debian: apt-get install "
              + string.Join(' ', missing.Select(static p => Packages[p]));
    }

    public static string PathOf(string program) =>
        Find(program) ?? throw new FaultException(Fault.Unavailable, $"{program} is not installed");

    /// <summary>The bridge's one package, at its pinned version, on first use.</summary>
    public static async Task RestoreBridgeAsync(CancellationToken stop)
    {
        if (Directory.Exists(Path.Combine(BridgeFolder, "node_modules", "mqtt"))) return;
        await using var npm = new ChildProcess("npm ci", PathOf("npm"), ["ci", "--no-audit", "--no-fund", "--prefix", BridgeFolder]);
        await npm.EndsWellAsync(RestoreLimit, stop);
    }

    private static string? Find(string program) => Folders.Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);
}
