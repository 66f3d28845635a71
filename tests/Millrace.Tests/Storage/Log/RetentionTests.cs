using Millrace.Contracts;
using Millrace.Contracts.Records;
using Millrace.Storage.Log;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Log;

public sealed class RetentionTests
{
    private readonly MemoryDisk _disk = new();

    [Fact]
    public async Task By_size_the_oldest_segments_go_and_a_reader_behind_them_goes_on_at_the_start()
    {
        var options = Some.LogOptions with { MaxBytes = ByteSize.KiB(16) };
        await using (var log = new LogUnderTest(_disk, options))
        {
            log.WriteNumbers(0, 1000);
            Assert.InRange(log.Partition.Stats.BytesOnDisk, 8 * 1024, 16 * 1024);
            Assert.InRange(log.Partition.Start, 500, 999);
            log.AssertHoldsNumbers((int)log.Partition.Start, 1000 - (int)log.Partition.Start);

            using var batch = new RecordBatch();
            Assert.True(log.Partition.TryRead(3, batch));
            Assert.Equal(log.Partition.Start, batch[0].Offset);
            Assert.Equal(log.Partition.Start, log.Partition.OffsetAt(0));
            Assert.Equal(log.Partition.Stats.Segments, _disk.Paths("log/ingress/0").Count);
        }

        await using var again = new LogUnderTest(_disk, options);
        Assert.Equal(1000, again.Partition.End);
        again.AssertHoldsNumbers((int)again.Partition.Start, 1000 - (int)again.Partition.Start);
    }

    [Fact]
    public async Task By_age_a_segment_goes_when_all_of_it_is_too_old_and_the_active_one_never()
    {
        var options = Some.LogOptions with { MaxAge = TimeSpan.FromHours(1) };
        var clock = new ManualClock();
        await using (var log = new LogUnderTest(_disk, options, clock))
        {
            log.WriteNumbers(0, 200);
            clock.Advance(TimeSpan.FromMinutes(50));
            log.WriteNumbers(200, 200);
            clock.Advance(TimeSpan.FromMinutes(20));
        }

        await using var again = new LogUnderTest(_disk, options, clock);
        again.Store.CommitNow();
        Assert.InRange(again.Partition.Start, 150, 200);

        clock.Advance(TimeSpan.FromDays(10));
        again.Store.CommitNow();
        Assert.Equal(1, again.Partition.Stats.Segments);
        Assert.Equal(400, again.Partition.End);
        again.AssertHoldsNumbers((int)again.Partition.Start, 400 - (int)again.Partition.Start);
    }

    [Fact]
    public async Task Where_little_comes_records_go_all_the_same_when_their_time_is_over_and_a_shorter_time_counts_at_once()
    {
        var clock = new ManualClock();
        await using var log = new LogUnderTest(_disk, Some.LogOptions with { SegmentSize = ByteSize.MiB(1) }, clock);
        log.Log.Keep(new LogRetention(TimeSpan.FromHours(8)));
        for (var hour = 0; hour < 24; hour++)
        {
            log.WriteNumbers(hour, 1);
            clock.Advance(TimeSpan.FromMinutes(61));
        }

        Assert.InRange(log.Partition.Start, 14, 16);
        log.Log.Keep(new LogRetention(TimeSpan.FromHours(2)));
        log.Store.CommitNow();
        Assert.InRange(log.Partition.Start, 20, 22);
        log.AssertHoldsNumbers((int)log.Partition.Start, 24 - (int)log.Partition.Start);
    }
}
