using Millrace.Storage.Files;
using Millrace.Storage.Series;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Verify;

public sealed class DataVerifyTests
{
    [Theory, Seeds(30)]
    public async Task What_the_stores_wrote_is_as_it_was_written(int seed)
    {
        var disk = await WrittenAsync(seed);
        var (faults, parts) = DataRig.Verify(disk);
        Assert.DoesNotContain(faults, static fault => fault.IsDamage);
        Assert.Equal(["checkpoints", "documents", "lake", "log", "series", "windows"], parts.Select(static part => part.Name));
        Assert.Equal(disk.Paths("").Sum(path => disk.Bytes(path).Length), parts.Sum(static part => part.Bytes));
    }

    [Theory, Seeds(150)]
    public async Task Of_a_bit_gone_bad_in_any_checked_file_that_file_is_told(int seed)
    {
        var random = new Random(seed);
        var disk = await WrittenAsync(seed);
        var path = Pick(random, disk);

        // Some bits mean nothing: in the headers of gzip and names files, and the last ones of what gzip deflated.
        var length = disk.Bytes(path).Length;
        var from = path.EndsWith(".gz", StringComparison.Ordinal) ? length - 8 : path.EndsWith(".names", StringComparison.Ordinal) ? 16 : 0;
        disk.FlipBit(path, random.Next(from, length));
        AssertTold(disk, path);
    }

    [Theory, Seeds(150)]
    public async Task Of_a_file_that_was_cut_that_file_is_told(int seed)
    {
        var random = new Random(seed);
        var disk = await WrittenAsync(seed);
        var path = Pick(random, disk);
        var bytes = disk.Bytes(path);
        disk.Put(path, bytes.AsSpan(0, random.Next(bytes.Length)));

        // What grows may end between two frames: that is what the end of a life looks like.
        if (!Grows(disk, path)) AssertTold(disk, path);
        else Assert.All(DataRig.Verify(disk).Faults.Where(static fault => fault.IsDamage), fault => Assert.Contains(path, fault.Text, StringComparison.Ordinal));
    }

    [Theory, Seeds(150)]
    public async Task Whatever_somebody_puts_into_a_file_the_others_are_looked_at(int seed)
    {
        var random = new Random(seed);
        var disk = await WrittenAsync(seed);
        string[] all = [.. disk.Paths("")];
        var path = all[random.Next(all.Length)];
        disk.Put(path, Garbage(random, disk.Bytes(path)));
        Assert.Equal(["checkpoints", "documents", "lake", "log", "series", "windows"], DataRig.Verify(disk).Parts.Select(static part => part.Name));
    }

    [Theory]
    [InlineData("""{"format":2,"names":null}""")]
    [InlineData("""{"format":2,"tables":[null]}""")]
    [InlineData("""{"format":2,"names":["../../../etc/passwd"]}""")]
    [InlineData("""{"format":2,"names":["/etc/passwd"]}""")]
    [InlineData("""{"format":2,"tables":[{"id":1,"name":"a.b","columns":[{"name":"series"}],"files":[{"path":"series/tables/../../log/id"}]}]}""")]
    [InlineData("""{"format":2,"tables":[{"id":1,"name":"a.b"},{"id":1,"name":"a.c"}]}""")]
    [InlineData("""{"format":2,"tables":[{"id":1,"name":"a.b","columns":[{"name":"series"},{"name":"time"},{"name":"m99999999999"}]}]}""")]
    [InlineData("""{"format":99}""")]
    [InlineData("")]
    [InlineData("[")]
    public void A_manifest_that_no_store_wrote_is_told_and_its_paths_are_not_followed(string manifest)
    {
        var disk = new MemoryDisk();
        disk.Put(SeriesListed.Manifest, System.Text.Encoding.UTF8.GetBytes(manifest));
        var fault = Assert.Single(DataRig.Verify(disk).Faults);
        Assert.True(fault.IsDamage);
        Assert.Contains(SeriesListed.Manifest, fault.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_gone_and_one_that_is_too_many_are_told()
    {
        var disk = await WrittenAsync(1);
        var gone = disk.Paths("series/tables")[0];
        disk.Delete(gone);
        disk.Put("series/tables/00001-fleet.telemetry/more.blocks", "x"u8);
        disk.Put("log/ingress/0/notes.txt", "x"u8);
        disk.Put("holiday.jpg", "x"u8);
        var faults = DataRig.Verify(disk).Faults;
        Assert.Contains(faults, fault => fault.IsDamage && fault.Text.Contains(gone, StringComparison.Ordinal));
        foreach (var name in new[] { "more.blocks", "notes.txt", "holiday.jpg" })
            Assert.Contains(faults, fault => !fault.IsDamage && fault.Text.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_manifest_that_is_gone_is_told_as_long_as_there_are_files()
    {
        var disk = await WrittenAsync(1);
        disk.Delete(SeriesListed.Manifest);
        Assert.Contains(DataRig.Verify(disk).Faults, static fault => fault.IsDamage && fault.Text.Contains("the next start would remove them", StringComparison.Ordinal));
    }

    private static async Task<MemoryDisk> WrittenAsync(int seed)
    {
        await using var rig = new DataRig(new Random(seed));
        rig.GoOn(12);
        return rig.Disk.Copy();
    }

    private static bool Grows(MemoryDisk disk, string path) =>
        path is "checkpoints" or "documents/journal" || (path.EndsWith(".log", StringComparison.Ordinal) && disk.Paths(AtomicFile.DirectoryOf(path))[^1] == path);

    // What has no checksum is what people may write by hand.
    private static string Pick(Random random, MemoryDisk disk)
    {
        string[] files = [.. disk.Paths("").Where(path => !path.EndsWith(".json", StringComparison.Ordinal) && path != "log/id" && disk.Bytes(path).Length > 0)];
        return files[random.Next(files.Length)];
    }

    private static void AssertTold(MemoryDisk disk, string path) =>
        Assert.True(DataRig.Verify(disk).Faults.Exists(fault => fault.Text.Contains(path, StringComparison.Ordinal)), $"nothing is told of {path}");

    private static byte[] Garbage(Random random, byte[] was)
    {
        var bytes = random.Next(2) == 0 ? was : new byte[random.Next(5000)];
        if (bytes != was) random.NextBytes(bytes);
        else for (var i = random.Next(1, 30); i > 0 && bytes.Length > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }
}
