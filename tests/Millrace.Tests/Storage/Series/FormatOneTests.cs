using System.IO.Compression;
using Millrace.Contracts.Flows;
using Millrace.Storage.Files;
using Millrace.Storage.Series;

namespace Millrace.Tests.Storage.Series;

/// <summary>A directory that the program wrote when its files were Parquet still opens, with every row.</summary>
public sealed class FormatOneTests : IDisposable
{
    private static readonly string[] Telemetry = ["916|1404860|3|3|3|7.5|3|driver number 2|True|2026-05-03 00:00:00.000000000"];

    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"millrace-format-{Guid.NewGuid():N}");

    public FormatOneTests()
    {
        using var zip = typeof(FormatOneTests).Assembly.GetManifestResourceStream("series-format-1.zip")!;
        ZipFile.ExtractToDirectory(zip, _directory);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task It_opens_with_all_rows_versions_and_checkpoints_and_without_Parquet()
    {
        using var rig = new SeriesRig(directory: _directory);
        await CheckAsync(rig);
        Assert.Equal(new Checkpoint(926, new FlowCounts { Examined = 926 }), rig.Store.CheckpointOf(SeriesRig.Flow));
        Assert.Empty(Directory.GetFiles(_directory, "*.parquet", SearchOption.AllDirectories));
        Assert.Equal(2, rig.Write(SeriesRig.Speed("car7", 5, SeriesRig.Now - 77), SeriesRig.Speed("late", 102, SeriesRig.Now - 3, version: 2)).AbsorbedRecords.Count);
        await rig.MoveAsync();
        rig.Reopen();
        await CheckAsync(rig);
    }

    [Theory, Seeds(30)]
    public async Task Rewriting_that_is_interrupted_goes_on_where_it_was(int seed)
    {
        // A real disk, for DuckDB reads the Parquet files: the process dies, and the disk keeps what it was told.
        var calls = seed * 3;
        try
        {
            new SeriesRig(disk: real => new DyingDisk(real, () => calls-- <= 0), directory: _directory).Dispose();
        }
        catch (IOException)
        {
            Assert.True(calls < 0);
        }

        using var rig = new SeriesRig(directory: _directory);
        await CheckAsync(rig);
    }

    private static async Task CheckAsync(SeriesRig rig)
    {
        Assert.Equal(Telemetry, await rig.LinesAsync(
            "SELECT count(*), sum(\"measure_value::double\")::BIGINT, sum(\"measure_value::bigint\"), count(\"measure_value::varchar\"), count(\"measure_value::boolean\"), "
            + "sum(distance), sum(stops), max(driver), bool_or(night), max(began) FROM fleet.telemetry"));
        Assert.Equal(["3|1.5"], await rig.LinesAsync("SELECT count(*), sum(\"measure_value::double\") FROM plant.tanks"));
        Assert.Equal(
            ["car0|1000002", "late|100", "late|101", "late|102"],
            await rig.LinesAsync("SELECT vin, \"measure_value::double\"::BIGINT FROM fleet.telemetry WHERE vin = 'late' OR \"measure_value::double\" > 100000 ORDER BY ALL"));
        Assert.Equal(19, rig.Store.CheckpointOf("other/1")!.Value.Offset);
    }

    private sealed class DyingDisk(IDisk disk, Func<bool> dies) : IDisk
    {
        public long FreeBytes => disk.FreeBytes;

        public IFile Open(string path) => disk.Open(path);

        public bool Exists(string path) => disk.Exists(path);

        public IReadOnlyList<string> List(string directory) => disk.List(directory);

        public void Rename(string from, string to) => Or(() => disk.Rename(from, to));

        public void Delete(string path) => Or(() => disk.Delete(path));

        public void SyncDirectory(string directory) => Or(() => disk.SyncDirectory(directory));

        private void Or(Action act)
        {
            if (dies()) throw new IOException("the process died");
            act();
        }
    }
}
