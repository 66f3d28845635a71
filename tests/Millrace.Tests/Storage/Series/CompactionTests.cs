using Millrace.Storage.Series;

namespace Millrace.Tests.Storage.Series;

public sealed class CompactionTests
{
    private const long Day = SeriesRig.Day;

    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(100.5);

    private static ColdFile File(int number, long rows, double day, double days = 0.01) =>
        new($"{number}.parquet", rows, rows * 2, (long)(day * Day), (long)((day + days) * Day), 3);

    [Fact]
    public void Eight_files_of_a_day_and_of_about_one_size_become_one()
    {
        var files = Enumerable.Range(0, 7).Select(static i => File(i, 1000 + i, 100)).Append(File(7, 900_000, 100)).Append(File(8, 1000, 99)).ToList();
        Assert.Empty(Compaction.Pick(files, Now));
        files.Add(File(9, 1000, 100.2));
        Assert.Equal(["0", "9", "1", "2", "3", "4", "5", "6"], Compaction.Pick(files, Now).Select(static file => file.Path.Split('.')[0]));
    }

    [Fact]
    public void A_day_that_is_over_becomes_one_file_but_for_a_few_stragglers()
    {
        var files = new List<ColdFile> { File(0, 500_000, 90), File(1, 10, 90.1), File(2, 20, 90.1) };
        Assert.Empty(Compaction.Pick(files, Now));
        files.Add(File(3, 7000, 90.5));
        Assert.Equal(4, Compaction.Pick(files, Now).Count);
    }

    [Fact]
    public void Files_that_span_days_and_those_that_are_too_large_stay()
    {
        Assert.Empty(Compaction.Pick(Enumerable.Range(0, 20).Select(static i => File(i, 1000, 90.9, days: 0.5)), Now));
        Assert.Empty(Compaction.Pick(Enumerable.Range(0, 20).Select(static i => File(i, 9_000_000, 90)), Now));
    }

    [Fact]
    public async Task Merged_files_hold_the_same_rows_with_all_their_columns_and_versions()
    {
        using var rig = new SeriesRig();
        for (var i = 0; i < 20; i++)
        {
            rig.Write(
                SeriesRig.Speed("a", i, SeriesRig.Now - Day + i),
                SeriesRig.Speed("b", i, SeriesRig.Now - Day, version: i + 1),
                new Point("m", SeriesRig.Now - Day + i, new Dictionary<string, object> { [$"c{i / 5}"] = (long)i }));
            await rig.MoveAsync();
        }

        await rig.SettledAsync();
        string[] expected = ["41|190|19|4|15"];
        const string sql = "SELECT count(*), sum(\"measure_value::double\") FILTER (vin = 'a')::BIGINT, max(\"measure_value::double\") FILTER (vin = 'b')::BIGINT, min(c0) + 4, min(c3) FROM fleet.telemetry";
        Assert.Equal(expected, await rig.LinesAsync(sql));
        Assert.InRange(rig.Store.Stats.Files, 1, 8);
        rig.Reopen();
        Assert.Equal(expected, await rig.LinesAsync(sql));
        Assert.InRange(Directory.GetFiles(rig.FullPath("series/tables"), "*.blocks", SearchOption.AllDirectories).Length, 1, 9);
        Assert.Equal(2, rig.Write(SeriesRig.Speed("a", 3, SeriesRig.Now - Day + 3), SeriesRig.Speed("b", 19, SeriesRig.Now - Day, version: 20)).AbsorbedRecords.Count);
    }
}
