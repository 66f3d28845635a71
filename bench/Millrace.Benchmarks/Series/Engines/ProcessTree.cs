using System.Globalization;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>A process and all that it started: PostgreSQL has a process for each connection.</summary>
internal static class ProcessTree
{
    // proc(5): counted in units of 1/sysconf(_SC_CLK_TCK), which Linux has fixed at 100 for programs.
    private const double TicksPerSecond = 100;

    /// <summary>CPU seconds, user and system, in steps of 10 ms: only those are kept of processes that have ended.</summary>
    public static double CpuSecondsOf(int process) => Below(process).Sum(static stat => stat.Ticks) / TicksPerSecond;

    /// <summary>Their numbers, its own first.</summary>
    public static IReadOnlyList<int> Of(int process) => [.. Below(process).Select(static stat => stat.Process)];

    private static IEnumerable<Stat> Below(int process)
    {
        var stats = Directory.EnumerateDirectories("/proc").Select(StatOf).OfType<Stat>().ToLookup(static s => s.Parent);
        var wanted = new Queue<Stat>(StatOf($"/proc/{process}") is { } root ? [root] : []);
        while (wanted.TryDequeue(out var stat))
        {
            yield return stat;
            foreach (var child in stats[stat.Process]) wanted.Enqueue(child);
        }
    }

    private static Stat? StatOf(string directory)
    {
        if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var process)) return null;
        try
        {
            var stat = File.ReadAllText($"{directory}/stat");

            // The second field is the name in parentheses and may hold anything. The parent is field 4; utime, stime and both of ended children, 14 to 17.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new Stat(process, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[11..15].Sum(static f => long.Parse(f, CultureInfo.InvariantCulture)));
        }
        catch (IOException)
        {
            return null; // it ended in between
        }
    }

    private sealed record Stat(int Process, int Parent, long Ticks);
}
