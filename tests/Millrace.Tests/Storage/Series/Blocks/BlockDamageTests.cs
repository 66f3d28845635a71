using Millrace.Contracts;
using Millrace.Storage.Series;
using Millrace.Storage.Series.Blocks;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Series.Blocks;

public sealed class BlockDamageTests
{
    private const string Path = "series/rows.blocks";

    private readonly MemoryDisk _disk = new();

    [Fact]
    public void A_file_that_ends_too_early_is_corrupt_wherever_it_ends()
    {
        var columns = Write(seed: 3, rows: 150);
        var bytes = _disk.Bytes(Path);
        for (var length = 0; length < bytes.Length; length++)
        {
            _disk.Put(Path, bytes.AsSpan(0, length));
            var fault = Assert.Throws<FaultException>(() => BlockFile.Open(_disk, Path, columns));
            Assert.Equal(Fault.Corrupt, fault.Fault);
            Assert.Contains($"{Path}, byte ", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_bit_that_flipped_is_found_wherever_it_is()
    {
        var columns = Write(seed: 3, rows: 150);
        var length = _disk.Bytes(Path).Length;
        for (var at = 0; at < length; at++)
        {
            _disk.FlipBit(Path, at);
            var fault = Assert.Throws<FaultException>(() =>
            {
                using var file = BlockFile.Open(_disk, Path, columns);
                BlockRig.Lines(file, columns);
                BlockRig.Statistics(file, columns);
            });
            Assert.Equal(Fault.Corrupt, fault.Fault);
            Assert.NotEmpty(BlockVerify.Run(_disk, Path, columns, TestContext.Current.CancellationToken));
            _disk.FlipBit(Path, at);
        }

        Assert.Empty(BlockVerify.Run(_disk, Path, columns, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Damage_in_one_column_does_not_hide_the_others()
    {
        var columns = Write(seed: 3, rows: 150);
        using var file = BlockFile.Open(_disk, Path, columns);
        var expected = BlockRig.Lines(file, columns);
        _disk.FlipBit(Path, LastPieceEnd(columns));
        var fault = Assert.Throws<FaultException>(() => BlockRig.Lines(file, columns));
        Assert.Contains("its checksum is wrong", fault.Message, StringComparison.Ordinal);
        var good = columns[..^1];
        Assert.Equal(expected.Select(line => line[..line.LastIndexOf(' ')]), BlockRig.Lines(file, good));
    }

    [Fact]
    public void All_faults_are_found_each_with_its_byte()
    {
        var columns = Write(seed: 3, rows: 150);
        _disk.FlipBit(Path, 20);
        _disk.FlipBit(Path, LastPieceEnd(columns));
        var faults = BlockVerify.Run(_disk, Path, columns, TestContext.Current.CancellationToken);
        Assert.Equal(2, faults.Count);
        Assert.All(faults, static fault => Assert.StartsWith($"{Path}, byte ", fault, StringComparison.Ordinal));
    }

    [Theory, Seeds(50)]
    public void A_crash_while_writing_leaves_a_file_that_is_whole_or_known_not_to_be(int seed)
    {
        var random = new Random(seed);
        var disk = new CrashingDisk(random);
        var columns = SomeRows.Columns(random);
        var rows = SomeRows.Sorted(random, columns, 12_000);
        var finished = false;
        try
        {
            disk.CrashAfter(random.Next(1, 12));
            BlockRig.Write(disk, Path, columns, rows);
            finished = true;
            disk.SyncDirectory("series");
        }
        catch (IOException)
        {
            Assert.True(disk.Crashed);
        }

        var safe = finished && !disk.Crashed;
        disk.Restart();
        var expected = rows.SelectMany(some => SomeRows.Lines(some, columns.Length)).ToList();
        try
        {
            using var file = BlockFile.Open(disk, Path, columns);
            Assert.Equal(expected, BlockRig.Lines(file, columns));
        }
        catch (FaultException e)
        {
            Assert.Equal((Fault.Corrupt, false), (e.Fault, safe));
        }
    }

    [Fact]
    public void A_full_disk_and_a_failing_sync_are_told()
    {
        var columns = SomeRows.Columns(new Random(3));
        var rows = SomeRows.Sorted(new Random(3), columns, 5000);
        _disk.Capacity = 1000;
        Assert.Throws<IOException>(() => BlockRig.Write(_disk, Path, columns, rows));
        _disk.Capacity = long.MaxValue;
        _disk.FailSyncs(1);
        Assert.Throws<IOException>(() => BlockRig.Write(_disk, Path, columns, rows));
        Assert.Equal(0, _disk.OpenFiles);
    }

    /// <returns>The columns, of which the last has values in each block.</returns>
    private StoredColumn[] Write(int seed, int rows)
    {
        var random = new Random(seed);
        StoredColumn[] columns =
        [
            .. StoredColumn.First, .. Enumerable.Range(0, 5).Select(static i => new StoredColumn($"m{i}", (Contracts.Tables.MeasureType)(4 - i))),
        ];
        BlockRig.Write(_disk, Path, columns, SomeRows.Sorted(random, columns, rows));
        return columns;
    }

    /// <returns>A byte of the last piece.</returns>
    private long LastPieceEnd(StoredColumn[] columns)
    {
        using var file = BlockFile.Open(_disk, Path, columns);
        Assert.True(file.HasValues(file.Blocks.Length - 1, columns.Length - 1));
        var (at, bytes) = file.Piece(file.Blocks.Length - 1, columns.Length - 1);
        return at + bytes - 1;
    }
}
