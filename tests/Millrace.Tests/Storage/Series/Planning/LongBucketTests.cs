using Millrace.Storage.Series;
using Millrace.Storage.Series.Blocks;
using Millrace.Storage.Series.Query.Buckets;
using Millrace.Storage.Series.Scans;

namespace Millrace.Tests.Storage.Series.Planning;

public sealed class LongBucketTests
{
    private const long Start = SeriesRig.Now - (6 * 3600 * SeriesRig.Second);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_bucket_of_which_another_reads_the_middle_is_shared(bool isTakenByOther)
    {
        using var rig = new SeriesRig();
        rig.Write(Enumerable.Range(0, 70_000).Select(static i => SeriesRig.Speed("car", i % 100, Start + (i * 40_000_000L))));
        await rig.MoveAsync();
        using var snapshot = ((SeriesTable)rig.Store.Table(SeriesRig.Fleet)).Snapshot(rig.Clock.GetUtcNow());
        Assert.True(Assert.Single(snapshot.Files).Blocks.Blocks.Length > 32);
        var spec = new BucketSpec { Measures = [], Tests = [] };
        var cells = BucketCells.Of(snapshot, ScanRange.All, spec, [0], [])!;
        var scan = new SeriesScan(snapshot, ScanRange.All, []) { InRuns = true };
        var reader = scan.Read();
        var buckets = new BucketReader(spec, reader, cells);
        reader.Shortcut = new Watch(block => Assert.True(!isTakenByOther || block != 3 || scan.Take(out _)));
        var page = buckets.Read(new BucketRows(spec))!;
        Assert.Equal((1, isTakenByOther), (page.Count, page.Shared.Count == 1));
        Assert.Equal(isTakenByOther, page.Rows[0] < 70_000);
    }

    private sealed class Watch(Action<int> asked) : IBlockShortcut
    {
        public bool Passes(BlockFile file, int block, bool isWhole)
        {
            asked(block);
            return false;
        }
    }
}
