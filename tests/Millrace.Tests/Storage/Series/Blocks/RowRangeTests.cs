using Millrace.Storage.Series;
using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Rows;
using Millrace.Storage.Series.Scans;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Series.Blocks;

public sealed class RowRangeTests
{
    private const string Path = "series/rows.blocks";

    private readonly MemoryDisk _disk = new();

    [Theory, Seeds(40)]
    public void Some_rows_of_a_block_are_what_they_are_among_all(int seed)
    {
        var random = new Random(seed);
        var columns = SomeRows.Columns(random);
        BlockRig.Write(_disk, Path, columns, SomeRows.Sorted(random, columns, random.Next(1, 8000)));
        using var file = BlockFile.Open(_disk, Path, columns);
        int[] slots = [.. Enumerable.Range(0, columns.Length)];
        var (reader, all, some) = (new BlockReader(), new RowColumns(), new RowColumns());
        for (var block = 0; block < file.Blocks.Length; block++)
        {
            file.Read(block, slots, all);
            var lines = SomeRows.Lines(all, columns.Length).ToList();
            for (var tries = 0; tries < 8; tries++)
            {
                var first = random.Next(all.Count);
                var end = random.Next(3) == 0 ? first + 1 : random.Next(first + 1, all.Count + 1);
                reader.ReadRows(file, block, block + 1, some, times: true);
                reader.ReadColumns(file, block, block + 1, slots, some, first, end);
                Assert.Equal(lines[first..end], SomeRows.Lines(Range(some, columns, first, end), columns.Length));
            }
        }
    }

    [Theory, Seeds(4)]
    public void Sums_of_all_before_are_those_of_a_plain_loop(int seed)
    {
        var random = new Random(seed);
        for (var count = 0; count < 70; count++)
        {
            long[] numbers = [.. Enumerable.Range(0, count).Select(_ => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64))];
            var sum = 0L;
            long[] sums = [.. numbers.Select(number => unchecked((sum += number) * 10) - 7)];
            RunningSum.Of(numbers, new Finish.Steps(10, -7));
            Assert.Equal(sums, numbers);
        }
    }

    private static RowColumns Range(RowColumns rows, StoredColumn[] columns, int first, int end)
    {
        var range = new RowColumns();
        int[] slots = [.. Enumerable.Range(0, columns.Length)];
        RowCopy.Prepare(range, slots, columns);
        for (var row = first; row < end; row++) RowCopy.Add(range, slots, rows, row);
        return range;
    }
}
