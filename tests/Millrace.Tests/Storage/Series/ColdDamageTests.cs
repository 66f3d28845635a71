using Millrace.Contracts;
using Millrace.Storage.Files;
using Millrace.Testing.Storage;

namespace Millrace.Tests.Storage.Series;

/// <summary>Bits flip in files that are to be merged: nothing is dropped in silence, and the other files are merged all the same.</summary>
public sealed class ColdDamageTests
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(1000);

    private readonly MemoryDisk _disk = new();
    private readonly ManualClock _clock = new();

    [Fact]
    public void A_damaged_file_is_named_with_its_byte_and_stays_and_the_others_are_merged()
    {
        var rig = Filled(null);
        var damaged = rig.Table.Cold.Files[0].File.Path;
        _disk.FlipBit(damaged, 100);
        var told = Assert.Throws<FaultException>(() => rig.Merge(static () => { }));
        Assert.Equal((Fault.Corrupt, true), (told.Fault, told.Message.StartsWith($"{damaged}, byte ", StringComparison.Ordinal)));
        Assert.Equal([told.Message], rig.Damages);
        while (rig.Merge(static () => { }))
        {
            // Until all is well.
        }

        Assert.Equal(2, rig.Table.Cold.Files.Count);
        Assert.Contains(rig.Table.Cold.Files, file => file.File.Path == damaged);
        Assert.Throws<FaultException>(() => rig.Rows());

        // Once retention has dropped it there is nothing to be told.
        _clock.Advance(Retention * 2);
        rig.Expire();
        Assert.Equal((0, 0), (rig.Table.Cold.Files.Count, rig.Damages.Count));
    }

    [Fact]
    public void What_a_query_meets_is_told_of_too()
    {
        var rig = Filled(null);
        _disk.FlipBit(rig.Table.Cold.Files[0].File.Path, 100);
        Assert.Empty(rig.Damages);
        Assert.Equal([Assert.Throws<FaultException>(() => rig.Rows()).Message], rig.Damages);
    }

    [Fact]
    public async Task What_the_bucket_has_is_fetched_from_there()
    {
        var rig = Filled(new MemoryBucket());
        var rows = rig.Rows();
        while (await rig.Remote!.UploadAsync(TestContext.Current.CancellationToken))
        {
            // Until all is there.
        }

        var damaged = rig.Table.Cold.Files[0].File.Path;
        _disk.FlipBit(damaged, 100);
        Assert.Throws<FaultException>(() => rig.Merge(static () => { }));
        Assert.Empty(rig.Damages);
        Assert.False(_disk.Exists(damaged));
        Assert.Equal(rows, rig.Rows());
        Assert.Equal(1, rig.Remote.Counts.Fetched);
        while (rig.Merge(static () => { }))
        {
            // Until all is well.
        }

        Assert.Single(rig.Table.Cold.Files);
        Assert.Equal(rows, rig.Rows());
    }

    private ColdRig Filled(MemoryBucket? bucket)
    {
        var rig = new ColdRig(_disk, _clock, Retention, bucket);
        for (var move = 0; move < 3; move++)
        {
            rig.Write([.. Enumerable.Range(0, 50).Select(i => SeriesRig.Speed($"car{i % 5}", i, _clock.NowNs + (((move * 50) + i) * 1_000_000_000L)))]);
            rig.Move();
        }

        _clock.Advance(TimeSpan.FromDays(2));
        return rig;
    }
}
