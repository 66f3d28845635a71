using System.Diagnostics;
using System.Globalization;
using Millrace.Benchmarks.Stacks;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>What files take on disk: of one that is longer than what was written into it, only that.</summary>
internal static class DiskUse
{
    public static async Task<long> BytesBelowAsync(string directory, CancellationToken stop)
    {
        using var du = Process.Start(new ProcessStartInfo(PeerPrograms.PathOf("du"), ["--summarize", "--block-size=1", directory]) { RedirectStandardOutput = true })!;
        var line = await du.StandardOutput.ReadLineAsync(stop);
        return long.Parse(line!.Split('\t')[0], CultureInfo.InvariantCulture);
    }
}
