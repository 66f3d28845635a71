using Millrace.Contracts;
using Millrace.Contracts.Log;
using Millrace.Contracts.Records;
using Millrace.Storage.Log;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Log;

public sealed class BitRotTests
{
    private const int Partitions = 3;

    [Theory, Seeds(1000)]
    public async Task Of_bits_gone_bad_anywhere_every_lost_record_is_told_and_every_other_one_is_read(int seed)
    {
        var random = new Random(seed);
        var disk = new MemoryDisk();
        var messages = Enumerable.Range(0, Partitions).Select(static _ => new List<Message>()).ToArray();
        await using (var log = new LogUnderTest(disk, partitions: Partitions))
            for (var commit = random.Next(5, 40); commit > 0; commit--) Append(random, log, messages);

        var bad = Spoil(random, disk, [.. disk.Paths("log/ingress").Where(static path => path.EndsWith(".log", StringComparison.Ordinal)).SelectMany(path => Frames(disk, path))]);
        Tear(random, disk);
        var faults = new List<LogFault>();
        new LogVerify(disk, faults.Add).Run();
        await using (var log = new LogUnderTest(disk, partitions: Partitions))
        {
            for (var i = 0; i < Partitions; i++) AssertReads(log.Log.Partitions[i], messages[i], bad, faults);
            Append(random, log, messages);
        }

        // What was skipped once is passed over from then on.
        await using var again = new LogUnderTest(disk, partitions: Partitions);
        foreach (var partition in again.Log.Partitions) Assert.Equal(partition.End, ReadAll(partition, static (_, _, _) => { }));
    }

    private static void Append(Random random, LogUnderTest log, List<Message>[] messages)
    {
        for (var i = random.Next(1, 12); i > 0; i--)
        {
            var (to, message) = (random.Next(Partitions), Some.Message(random));
            log.Log.Partitions[to].TryAppend(message.AsRecord(), null);
            messages[to].Add(message);
        }

        log.Store.CommitNow();
    }

    /// <summary>Flips bits in frames of which a later commit says that they were safe.</summary>
    private static HashSet<(string, long)> Spoil(Random random, MemoryDisk disk, FrameAt[] frames)
    {
        var bad = new HashSet<(string, long)>();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var frame = frames[random.Next(frames.Length)];
            var wasSafe = frames.Any(other => DirectoryOf(other.Path) == DirectoryOf(frame.Path) && (other.Path != frame.Path || other.Header.Durable >= frame.Header.EndOffset)
                && other.Header.FirstOffset > frame.Header.FirstOffset);
            if (!wasSafe || !bad.Add((frame.Path, frame.Header.FirstOffset))) continue;
            disk.FlipBit(frame.Path, frame.Position + random.NextInt64(frame.Header.FrameSize));
        }

        // A commit of which all that was written behind is spoilt too cannot be told from a torn one.
        foreach (var (path, first) in bad.ToArray())
        {
            var frame = frames.Single(one => one.Path == path && one.Header.FirstOffset == first);
            var isNewest = frames.Where(one => DirectoryOf(one.Path) == DirectoryOf(path)).MaxBy(static one => one.Header.FirstOffset)!.Path == path;
            var hasWitness = frames.Any(one => one.Path == path && one.Header.Durable > first && !bad.Contains((one.Path, one.Header.FirstOffset)));
            if (!isNewest || hasWitness) continue;
            foreach (var other in frames.Where(one => one.Path == path && one.Header.FirstOffset >= first)) bad.Remove((other.Path, other.Header.FirstOffset));
            disk.Put(path, disk.Bytes(path).AsSpan(0, (int)frame.Position));
        }

        return bad;
    }

    /// <summary>Some lives end within a write, which is cut and takes nothing with it.</summary>
    private static void Tear(Random random, MemoryDisk disk)
    {
        foreach (var newest in disk.Paths("log/ingress").Where(static path => path.EndsWith(".log", StringComparison.Ordinal)).GroupBy(DirectoryOf).Select(static files => files.Max(StringComparer.Ordinal)!))
        {
            var torn = new byte[random.Next(2) * random.Next(400)];
            random.NextBytes(torn);
            disk.Put(newest, [.. disk.Bytes(newest), .. torn]);
        }
    }

    private static void AssertReads(LogPartition partition, List<Message> messages, HashSet<(string, long)> bad, List<LogFault> faults)
    {
        messages.RemoveRange((int)partition.End, messages.Count - (int)partition.End);
        var lost = new HashSet<(string, long)>();
        var end = ReadAll(partition, (offset, record, damage) =>
        {
            if (damage is null)
            {
                Assert.True(messages[(int)offset].Is(record.Single()), $"record {offset} is another one");
                return;
            }

            Assert.Contains(faults, fault => fault.IsDamage && fault.Path == damage.Path && fault.Position == damage.Position);
            for (var at = damage.From; at < damage.To; at++) lost.Add((damage.Path, at));
        });
        Assert.Equal(messages.Count, end);
        var here = bad.Where(one => DirectoryOf(one.Item1) == $"log/{partition.Name}").ToArray();
        Assert.Subset(lost, here.ToHashSet());
        Assert.True(here.Length > 0 || lost.Count == 0, "records were lost that nothing happened to");
    }

    /// <summary>Tells of each record, or of what is in its place; passes over that on an operator's word alone.</summary>
    private static long ReadAll(LogPartition partition, Action<long, RecordBatchRecord, LogDamage?> tell)
    {
        using var batch = new RecordBatch();
        var offset = partition.Start;
        while (true)
        {
            batch.Clear();
            try
            {
                if (!partition.TryRead(offset, batch)) return partition.Damages is [.., var last] ? Math.Max(offset, last.To) : offset;
                for (; offset < batch[0].Offset; offset++) Assert.Contains(partition.Damages, one => one.Skipped && one.From <= offset && one.To > offset);
                for (var i = 0; i < batch.Count; i++) tell(batch[i].Offset, new RecordBatchRecord(batch, i), null);
                offset = batch.Through;
            }
            catch (FaultException told) when (told.Fault == Fault.Corrupt)
            {
                var damage = partition.SkipDamage(offset);
                Assert.Contains($"{damage.Path}, byte {damage.Position}", told.Message, StringComparison.Ordinal);
                tell(offset, default, damage);
                offset = damage.To;
            }
        }
    }

    private static IEnumerable<FrameAt> Frames(MemoryDisk disk, string path)
    {
        var bytes = disk.Bytes(path);
        for (var at = (long)SegmentHeader.Size; FrameHeader.TryRead(bytes.AsSpan((int)at), out var header); at += header.FrameSize)
            yield return new FrameAt(path, at, header);
    }

    private static string DirectoryOf(string path) => path[..path.LastIndexOf('/')];

    private sealed record FrameAt(string Path, long Position, FrameHeader Header);

    private readonly record struct RecordBatchRecord(RecordBatch Batch, int Index)
    {
        public Contracts.Records.Record Single() => Batch[Index];
    }
}
