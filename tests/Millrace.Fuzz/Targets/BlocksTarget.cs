using Millrace.Contracts;
using Millrace.Storage.Files;
using Millrace.Storage.Series;
using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Rows;
using Millrace.Testing.Mqtt;
using Millrace.Testing.Storage;

namespace Millrace.Fuzz.Targets;

/// <summary>Block files: any rows come back; what has bytes changed, with checksums that fit or not, is refused or read, and nothing else.</summary>
internal sealed class BlocksTarget : IFuzzTarget
{
    private const string Path = "rows.blocks";

    public string Name => "blocks";

    public void Run(int seed, FuzzInput input)
    {
        var random = new Random(seed);
        var columns = SomeRows.Columns(random);
        var rows = SomeRows.Sorted(random, columns, random.Next(3000));
        var disk = new MemoryDisk();
        using (var writer = new BlockFileWriter(disk, Path, columns))
        {
            rows.ForEach(writer.Append);
            writer.Finish();
        }

        var bytes = disk.Bytes(Path);
        var lines = rows.SelectMany(some => SomeRows.Lines(some, columns.Length));
        using (var file = BlockFile.Open(disk, Path, columns))
            BrokenPromiseException.Unless(Lines(file, columns).SequenceEqual(lines), "Rows do not come back.");
        BrokenPromiseException.Unless(BlockVerify.Run(disk, Path, columns, CancellationToken.None).Count == 0, "A file is not what its writer says.");

        CheckPieces(random, rows, input);
        CheckStatistics(random, rows, input);
        CheckIndex(random, columns, bytes, input);
        CheckDamage(random, columns, bytes, input);
    }

    /// <summary>What a piece is if its checksum is right by an evil chance.</summary>
    private static void CheckPieces(Random random, List<RowColumns> rows, FuzzInput input)
    {
        foreach (var some in rows.Take(3))
            foreach (var column in some.Columns.OfType<RowColumn>())
            {
                var piece = new ByteSink();
                PieceCodec.Encode(column, some.Count, piece);
                var changed = Mutation.Of(random, piece.Written.ToArray(), piece.Written.ToArray());
                input.Add($"piece of {some.Count} {column.Type}", changed);
                var into = new RowColumn(column.Type);
                try
                {
                    var first = random.Next(some.Count);
                    PieceCodec.Decode(changed, some.Count, first, random.Next(first + 1, some.Count + 1), into);
                }
                catch (InvalidDataException)
                {
                    continue;
                }

                var back = SomeRows.Lines(new RowColumns { Count = some.Count, Columns = [null, null, into] }, 3);
                BrokenPromiseException.Unless(back.Count() == some.Count, "A row cannot be read.");
            }
    }

    /// <summary>Statistics too may be anything whose checksum is right.</summary>
    private static void CheckStatistics(Random random, List<RowColumns> rows, FuzzInput input)
    {
        foreach (var some in rows.Take(3))
            foreach (var column in some.Columns.OfType<RowColumn>())
            {
                if (!ColumnStatistics.AreKeptOf(new StoredColumn("m0", column.Type)) || !ColumnStatistics.TryOf(column, some.Count, out var known)) continue;
                var blocks = random.Next(1, BlockLimits.BlocksPerGroup + 1);
                var piece = new ByteSink();
                StatisticsCodec.Encode(column.Type, [.. Enumerable.Repeat(some.Count, blocks)], [.. Enumerable.Repeat(known, blocks)], piece);
                var changed = Mutation.Of(random, piece.Written.ToArray(), piece.Written.ToArray());
                input.Add($"statistics of {blocks} blocks of {some.Count} {column.Type}", changed);
                var into = new ColumnStatistics[blocks];
                try
                {
                    StatisticsCodec.Decode(changed, column.Type, [.. Enumerable.Repeat(new BlockEntry(1, 1, 0, 1, some.Count, 0), blocks)], into);
                }
                catch (InvalidDataException)
                {
                    continue;
                }

                BrokenPromiseException.Unless(Array.TrueForAll(into, one => one.Count >= 0 && one.Count <= some.Count), "More values than rows.");
            }
    }

    private static void CheckIndex(Random random, StoredColumn[] columns, byte[] bytes, FuzzInput input)
    {
        BrokenPromiseException.Unless(BlockFooter.TryRead(bytes.AsSpan(bytes.Length - BlockFooter.Size), out var footer), "The footer is not there.");
        var whole = bytes.AsSpan((int)footer.IndexAt, footer.IndexBytes).ToArray();
        var index = Mutation.Of(random, whole, whole);
        input.Add("index", index);
        var file = new byte[footer.IndexAt + index.Length + BlockFooter.Size];
        bytes.AsSpan(0, (int)footer.IndexAt).CopyTo(file);
        index.CopyTo(file, footer.IndexAt);
        new BlockFooter(footer.IndexAt, index.Length, Crc32C.Of(index)).Write(file.AsSpan(file.Length - BlockFooter.Size));
        Check(file, columns);
    }

    private static void CheckDamage(Random random, StoredColumn[] columns, byte[] bytes, FuzzInput input)
    {
        var changed = Mutation.Of(random, bytes, bytes);
        input.Add("file", changed);
        Check(changed, columns);
    }

    /// <summary>It is read, or it is corrupt.</summary>
    private static void Check(byte[] bytes, StoredColumn[] columns)
    {
        var disk = new MemoryDisk();
        disk.Put(Path, bytes);
        try
        {
            using var file = BlockFile.Open(disk, Path, columns);
            Lines(file, columns);
            file.BlocksOf(50);
            var known = new StatisticsReader();
            for (var block = 0; block < file.Blocks.Length; block++)
                for (var slot = 0; slot < columns.Length; slot++) known.TryRead(file, block, slot, out _);
        }
        catch (FaultException e) when (e.Fault == Fault.Corrupt)
        {
            BrokenPromiseException.Unless(e.Message.StartsWith($"{Path}, byte ", StringComparison.Ordinal), "A fault names file and byte.");
        }

        BlockVerify.Run(disk, Path, columns, CancellationToken.None);
    }

    private static List<string> Lines(BlockFile file, StoredColumn[] columns)
    {
        var (lines, rows) = (new List<string>(), new RowColumns());
        for (var block = 0; block < file.Blocks.Length; block++)
        {
            file.Read(block, [.. Enumerable.Range(0, columns.Length)], rows);
            lines.AddRange(SomeRows.Lines(rows, columns.Length));
        }

        return lines;
    }
}
