using Millrace.Contracts;
using Millrace.Contracts.Records;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Log;

public sealed class RecoveryTests
{
    private const string First = "log/ingress/0/00000000000000000000.log";
    private readonly MemoryDisk _disk = new();

    [Fact]
    public async Task A_tail_torn_at_any_byte_is_cut_and_the_log_goes_on()
    {
        await using (var log = new LogUnderTest(_disk)) log.WriteNumbers(0, 3);
        var whole = _disk.Bytes(First);
        var end = Length(await WithAsync(2));
        for (var cut = end; cut < whole.Length; cut++)
        {
            var disk = _disk.Copy();
            disk.Put(First, whole.AsSpan(0, cut));
            await using (var log = new LogUnderTest(disk))
            {
                log.AssertHoldsNumbers(0, 2);
                Assert.Equal(end, disk.Bytes(First).Length);
                log.WriteNumbers(2, 2);
            }

            await using var again = new LogUnderTest(disk);
            again.AssertHoldsNumbers(0, 4);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(39)]
    [InlineData(512)]
    [InlineData(5000)]
    public async Task Zeros_and_garbage_behind_the_last_frame_are_cut(int length)
    {
        await using (var log = new LogUnderTest(_disk)) log.WriteNumbers(0, 2);
        var garbage = new byte[length];
        for (var kind = 0; kind < 2; kind++)
        {
            var disk = _disk.Copy();
            disk.Put(First, [.. _disk.Bytes(First), .. garbage]);
            await using var log = new LogUnderTest(disk);
            log.AssertHoldsNumbers(0, 2);
            new Random(length).NextBytes(garbage);
        }
    }

    [Fact]
    public async Task A_bit_gone_bad_anywhere_before_a_later_commit_is_never_cut_but_named_and_the_records_behind_it_are_read()
    {
        await using (var log = new LogUnderTest(_disk)) log.WriteNumbers(0, 4);
        var end = Length(await WithAsync(3));
        for (var at = 32; at < end; at++)
        {
            var disk = _disk.Copy();
            disk.FlipBit(First, at);
            await using (var log = new LogUnderTest(disk))
            {
                var e = Assert.Throws<FaultException>(() => log.AssertHoldsNumbers(0, 4));
                Assert.Equal(Fault.Corrupt, e.Fault);
                Assert.Contains($"{First}, byte", e.Message, StringComparison.Ordinal);
                Assert.Equal(_disk.Bytes(First).Length, disk.Bytes(First).Length);
                var damage = Assert.Single(log.Partition.Damages);
                Assert.Equal((First, 1, false), (damage.Path, damage.To - damage.From, damage.Skipped));
                Assert.Equal(4, log.Partition.End);
                log.WriteNumbers(4, 1);
            }

            await using var again = new LogUnderTest(disk);
            using var batch = new RecordBatch();
            Assert.True(again.Partition.TryRead(4, batch));
        }
    }

    [Fact]
    public async Task A_bad_segment_header_is_named()
    {
        await using (var log = new LogUnderTest(_disk)) log.WriteNumbers(0, 1);
        for (var at = 0; at < 32; at++)
        {
            var disk = _disk.Copy();
            disk.FlipBit(First, at);
            var e = Assert.Throws<FaultException>(() => new LogUnderTest(disk));
            Assert.Equal(Fault.Corrupt, e.Fault);
            Assert.Contains($"{First}, byte 0", e.Message, StringComparison.Ordinal);
        }

        _disk.Put(First, []);
        Assert.Equal(Fault.Corrupt, Assert.Throws<FaultException>(() => new LogUnderTest(_disk)).Fault);
    }

    [Fact]
    public async Task A_bit_gone_bad_in_a_sealed_segment_is_found_by_its_reader_and_by_nobody_else()
    {
        await using (var log = new LogUnderTest(_disk)) log.WriteNumbers(0, 200);
        var length = _disk.Bytes(First).Length;
        for (var at = 32; at < length; at += 7)
        {
            var disk = _disk.Copy();
            disk.FlipBit(First, at);
            await using var log = new LogUnderTest(disk);
            var e = Assert.Throws<FaultException>(() => log.AssertHoldsNumbers(0, 200));
            Assert.Equal(Fault.Corrupt, e.Fault);
            Assert.Contains($"{First}, byte ", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_sealed_segment_that_was_cut_short_or_is_missing_is_corrupt_where_it_is_read()
    {
        await using (var log = new LogUnderTest(_disk)) log.WriteNumbers(0, 200);
        var second = _disk.Paths("log/ingress/0")[1];
        var disk = _disk.Copy();
        disk.Put(First, _disk.Bytes(First).AsSpan(0, 1000));
        await using (var log = new LogUnderTest(disk))
            Assert.Equal(Fault.Corrupt, Assert.Throws<FaultException>(() => log.AssertHoldsNumbers(0, 200)).Fault);

        _disk.Delete(second);
        await using (var log = new LogUnderTest(_disk))
            Assert.Equal(Fault.Corrupt, Assert.Throws<FaultException>(() => log.AssertHoldsNumbers(0, 200)).Fault);
    }

    [Fact]
    public async Task The_header_wins_over_the_name_of_the_file()
    {
        await using (var log = new LogUnderTest(_disk)) log.WriteNumbers(0, 200);
        _disk.Rename(First, "log/ingress/0/renamed.log");
        await using var again = new LogUnderTest(_disk);
        again.AssertHoldsNumbers(0, 200);
    }

    [Fact]
    public async Task An_unfinished_segment_file_is_removed_and_strange_files_are_left_alone()
    {
        await using (var log = new LogUnderTest(_disk)) log.WriteNumbers(0, 2);
        _disk.Put("log/ingress/0/00000000000000000002.log.new", [1, 2, 3]);
        _disk.Put("log/ingress/0/README", [4]);
        await using var again = new LogUnderTest(_disk);
        again.AssertHoldsNumbers(0, 2);
        Assert.Equal([First, "log/ingress/0/README"], _disk.Paths("log/ingress/0"));
    }

    [Fact]
    public async Task A_payload_that_looks_like_a_frame_is_no_witness()
    {
        // Somebody publishes a segment file, and the power fails while that record is written.
        await using (var log = new LogUnderTest(_disk)) log.WriteNumbers(0, 20);
        var evil = new MemoryDisk();
        var clock = new ManualClock();
        clock.Advance(TimeSpan.FromMilliseconds(1));
        var message = Some.Message() with { Payload = _disk.Bytes(First) };
        await using (var log = new LogUnderTest(evil, clock: clock)) log.Write(message);
        evil.FlipBit(First, 40);
        await using var again = new LogUnderTest(evil);
        again.AssertHoldsNumbers(0, 0);
    }

    private async Task<MemoryDisk> WithAsync(int records)
    {
        var disk = new MemoryDisk();
        await using var log = new LogUnderTest(disk);
        log.WriteNumbers(0, records);
        return disk;
    }

    private static int Length(MemoryDisk disk) => disk.Bytes(First).Length;
}
