using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Files;

/// <summary>The simulated disk does what real ones do: without these, the tests that rest on it prove nothing.</summary>
public sealed class CrashingDiskTests
{
    private const int Sectors = 4;
    private const int Sector = 512;
    private const int Seeds = 1000;

    [Fact]
    public void Over_a_thousand_seeds_a_crash_loses_all_tears_reorders_and_keeps_all_of_what_was_not_synced()
    {
        var kept = new HashSet<string>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var disk = Synced(seed);
            using (var file = disk.Open("a")) file.Write(0, Enumerable.Repeat((byte)1, Sectors * Sector).ToArray());
            disk.Restart();
            kept.Add(string.Concat(Read(disk).Chunk(Sector).Select(static sector => sector.Distinct().Single())));
        }

        Assert.Equal(Enumerable.Range(0, 1 << Sectors).Select(static bits => Convert.ToString(bits, 2).PadLeft(Sectors, '0')), kept.Order());
    }

    [Fact]
    public void What_was_synced_is_there_after_every_crash()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var disk = Synced(seed);
            using (var file = disk.Open("a"))
            {
                file.Write(0, Enumerable.Repeat((byte)1, Sectors * Sector).ToArray());
                file.Sync();
            }

            disk.Restart();
            Assert.All(Read(disk), static one => Assert.Equal(1, one));
        }
    }

    [Fact]
    public void A_name_that_was_not_synced_may_be_gone_or_there()
    {
        var outcomes = new HashSet<(bool, bool)>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var disk = Synced(seed);
            disk.Rename("a", "b");
            disk.Restart();
            outcomes.Add((disk.Exists("a"), disk.Exists("b")));
        }

        Assert.Equal([(false, true), (true, false)], outcomes.Order());
    }

    [Fact]
    public void A_failing_write_breaks_off_anywhere_and_a_failed_sync_keeps_nothing_though_readers_see_it()
    {
        var lengths = new HashSet<int>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var disk = Synced(seed);
            disk.FailWrites(1);
            using var file = disk.Open("b");
            Assert.Throws<IOException>(() => file.Write(0, new byte[10]));
            lengths.Add((int)file.Length);
        }

        Assert.Equal(Enumerable.Range(0, 11), lengths.Order());

        var failing = Synced(0);
        failing.FailSyncs(1);
        using (var file = failing.Open("a"))
        {
            file.Write(0, new byte[] { 7 });
            Assert.Throws<IOException>(file.Sync);
            file.Sync();
        }

        Assert.Equal(7, Read(failing)[0]);
        failing.Restart();
        Assert.Equal(0, Read(failing)[0]);
    }

    [Fact]
    public void A_full_disk_takes_what_there_is_room_for_and_a_bit_that_rots_stays_rotten()
    {
        var disk = Synced(0);
        disk.Capacity = disk.Used + 5;
        using (var file = disk.Open("b"))
        {
            Assert.Throws<IOException>(() => file.Write(0, new byte[10]));
            Assert.Equal(5, file.Length);
        }

        disk.FlipBit("a", 700);
        disk.Restart();
        Assert.Equal(4, Read(disk)[700]);
    }

    private static CrashingDisk Synced(int seed)
    {
        var disk = new CrashingDisk(new Random(seed));
        using var file = disk.Open("a");
        file.SetLength(Sectors * Sector);
        file.Sync();
        disk.SyncDirectory("");
        return disk;
    }

    private static byte[] Read(CrashingDisk disk)
    {
        using var file = disk.Open("a");
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }
}
