using Millrace.Contracts;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Series;

/// <summary>Bits of files go bad on the disk: a reader gets the right rows or an error that names the file, and a merge makes nothing of wrong ones.</summary>
public sealed class ColdRotTests
{
    private const long HourNs = 3_600_000_000_000;

    [Theory, Seeds(500)]
    public void Of_rotten_files_no_wrong_row_is_read_none_is_merged_and_none_is_lost_that_comes_back(int seed)
    {
        var random = new Random(seed);
        var (disk, clock) = (new CrashingDisk(new Random(seed)), new ManualClock());
        var rows = Write(random, disk, clock);
        string[] files = [.. disk.Paths("series").Where(static path => !path.EndsWith(".json", StringComparison.Ordinal))];
        var bad = Enumerable.Range(0, random.Next(1, 4)).Select(_ => files[random.Next(files.Length)]).Distinct().Select(path => (Path: path, At: At(random, disk, path))).ToArray();
        foreach (var (path, at) in bad) disk.FlipBit(path, at);

        // With rot, then with a merge that may meet it, then after a crash.
        Read(Open(disk, clock), rows, bad);
        Try(() => Open(disk, clock)?.Merge(static () => { }), bad);
        disk.Restart();
        Read(Open(disk, clock), rows, bad);

        // Somebody puts the bytes back: all is there.
        foreach (var (path, at) in bad)
            if (disk.Exists(path)) disk.FlipBit(path, at);
        Assert.Equal(rows, new ColdRig(disk, clock, TimeSpan.FromDays(9)).Rows());

        ColdRig? Open(CrashingDisk from, ManualClock time)
        {
            ColdRig? rig = null;
            Try(() => rig = new ColdRig(from, time, TimeSpan.FromDays(9)), bad);
            return rig;
        }
    }

    private static SortedDictionary<(string, long), double> Write(Random random, CrashingDisk disk, ManualClock clock)
    {
        var rig = new ColdRig(disk, clock, TimeSpan.FromDays(9));
        for (var move = random.Next(2, 7); move > 0; move--)
        {
            rig.Write([.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => SeriesRig.Speed($"car{random.Next(6)}", random.Next(5), clock.NowNs - (random.Next(100) * HourNs / 4), random.Next(1, 4)))]);
            rig.Move();
            clock.Advance(TimeSpan.FromMinutes(random.Next(90)));
        }

        return rig.Rows();
    }

    private static void Read(ColdRig? rig, SortedDictionary<(string, long), double> rows, (string Path, long At)[] bad)
    {
        SortedDictionary<(string, long), double>? read = null;
        Try(() => read = rig?.Rows(), bad);
        if (read is not null) Assert.Equal(rows, read);
    }

    private static void Try(Action work, (string Path, long At)[] bad)
    {
        try
        {
            work();
        }
        catch (FaultException told) when (told.Fault == Fault.Corrupt)
        {
            Assert.Contains(bad, one => told.Message.Contains(one.Path, StringComparison.Ordinal));
        }
    }

    // Four bytes of a names file mean nothing.
    private static long At(Random random, CrashingDisk disk, string path)
    {
        using var file = disk.Open(path);
        return random.NextInt64(path.EndsWith(".names", StringComparison.Ordinal) ? 16 : 0, file.Length);
    }
}
