using System.Globalization;
using Millrace.Benchmarks.Stacks;

namespace Millrace.Benchmarks.Measuring;

/// <summary>CPU seconds, user and system, that processes have used so far, and by which part of them.</summary>
/// <param name="Seconds">Of all threads, the ended ones too.</param>
/// <param name="Parts">By process where there are several, else by the names of its threads.</param>
internal sealed record CpuClock(double Seconds, IReadOnlyDictionary<string, double> Parts)
{
    /// <summary>What the living threads did not use.</summary>
    private const string Rest = "ended threads, rounding";

    // proc(5): counted in units of 1/sysconf(_SC_CLK_TCK), which Linux has fixed at 100 for programs.
    private const double TicksPerSecond = 100;

    public static CpuClock Read(IReadOnlyList<ChildProcess> processes)
    {
        var total = processes.Sum(static p => ProcessCpu.SecondsOf(p.Id));
        var parts = new Dictionary<string, double>();
        if (processes.Count > 1)
        {
            foreach (var process in processes) Add(parts, process.Name, ProcessCpu.SecondsOf(process.Id));
        }
        else
        {
            foreach (var task in Directory.EnumerateDirectories($"/proc/{processes[0].Id}/task")) AddThread(parts, task);
            Add(parts, Rest, total - parts.Values.Sum());
        }

        return new CpuClock(total, parts);
    }

    /// <summary>What was used since an earlier reading, for each million of messages; the largest part first.</summary>
    public CpuUse Since(CpuClock earlier, long messages)
    {
        var millions = messages / 1e6;
        var parts = Parts
            .Select(p => (p.Key, Value: (p.Value - earlier.Parts.GetValueOrDefault(p.Key)) / millions))
            .Where(static p => p.Value > 0.005)
            .OrderByDescending(static p => p.Value)
            .ToDictionary(static p => p.Key, static p => p.Value);
        return new CpuUse((Seconds - earlier.Seconds) / millions, parts);
    }

    private static void AddThread(Dictionary<string, double> parts, string task)
    {
        try
        {
            // Threads that differ by a number only do the same work: "log-0" and "log-1" are "log".
            var name = File.ReadAllText($"{task}/comm").TrimEnd('\n').TrimEnd("0123456789".ToCharArray()).TrimEnd('-', '_', '/', '#', ' ');
            Add(parts, name, SecondsOfThread(task));
        }
        catch (IOException)
        {
            // The thread ended between listing and reading; it is in the rest.
        }
    }

    private static void Add(Dictionary<string, double> parts, string name, double seconds) =>
        parts[name] = parts.GetValueOrDefault(name) + seconds;

    // Nanoseconds where the kernel keeps them: ticks of 10 ms, cut off in each of thirty threads, hide much of a short run.
    private static double SecondsOfThread(string task)
    {
        var file = $"{task}/schedstat";
        if (!File.Exists(file)) return SecondsOf($"{task}/stat");
        return long.Parse(File.ReadAllText(file).Split(' ')[0], CultureInfo.InvariantCulture) / 1e9;
    }

    private static double SecondsOf(string statFile)
    {
        var stat = File.ReadAllText(statFile);

        // The second field is the name in parentheses and may hold anything; utime and stime are fields 14 and 15.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return ticks / TicksPerSecond;
    }
}
