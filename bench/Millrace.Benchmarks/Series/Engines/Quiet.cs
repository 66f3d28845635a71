using System.Diagnostics;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>Waits until a server does nothing more by itself.</summary>
internal static class Quiet
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private const double MostShare = 0.05;

    /// <summary>Until it has used next to no CPU for so long, or for ten minutes.</summary>
    public static async Task UntilAsync(int process, TimeSpan idle, CancellationToken stop)
    {
        var since = Stopwatch.StartNew();
        var quietSince = TimeSpan.Zero;
        var cpu = ProcessTree.CpuSecondsOf(process);
        while (since.Elapsed - quietSince < idle && since.Elapsed < Patience)
        {
            await Task.Delay(Look, stop);
            var now = ProcessTree.CpuSecondsOf(process);
            if (now - cpu > MostShare * Look.TotalSeconds) quietSince = since.Elapsed;
            cpu = now;
        }
    }
}
