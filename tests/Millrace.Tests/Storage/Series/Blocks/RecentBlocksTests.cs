using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Rows;
using Millrace.Storage.Series.Scans;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Series.Blocks;

public sealed class RecentBlocksTests
{
    private readonly MemoryDisk _disk = new();

    [Theory, Seeds(10)]
    public void What_is_kept_is_what_the_file_has(int seed)
    {
        var random = new Random(seed);
        var columns = SomeRows.Columns(random);
        foreach (var path in (string[])["a.blocks", "b.blocks"]) BlockRig.Write(_disk, path, columns, SomeRows.Sorted(random, columns, random.Next(1, 40_000)));
        using var a = BlockFile.Open(_disk, "a.blocks", columns);
        using var b = BlockFile.Open(_disk, "b.blocks", columns);
        int[] slots = [.. Enumerable.Range(0, columns.Length)];
        var (recent, rows) = (new RecentBlocks(), new RowColumns());
        for (var i = 0; i < 200; i++)
        {
            var file = random.Next(2) == 0 ? a : b;
            var block = random.Next(file.Blocks.Length);
            var some = slots[..random.Next(slots.Length + 1)];
            var kept = recent.Read(file, block, some, times: true);
            file.Read(block, some, rows);
            Assert.Equal(SomeRows.Lines(rows, 0), SomeRows.Lines(kept.Rows, 0));
            if (random.Next(2) == 0) continue;
            kept.ReadColumns(file);
            Assert.Equal(SomeRows.Lines(rows, columns.Length), SomeRows.Lines(kept.Rows, columns.Length));
        }
    }

    [Fact]
    public void A_block_that_was_read_is_not_read_again()
    {
        var random = new Random(1);
        var columns = SomeRows.Columns(random);
        BlockRig.Write(_disk, "a.blocks", columns, SomeRows.Sorted(random, columns, 100));
        var file = BlockFile.Open(_disk, "a.blocks", columns);
        var recent = new RecentBlocks();
        var first = recent.Read(file, 0, [], times: true);
        file.Dispose();
        Assert.Same(first, recent.Read(file, 0, [], times: true));
    }
}
