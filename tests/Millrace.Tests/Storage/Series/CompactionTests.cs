using Millrace.Storage.Series;

namespace Millrace.Tests.Storage.Series;

public sealed class CompactionTests
{
    private const long Day = SeriesRig.Day;

    private const double Hour = 1 / 24.0;

    /// <summary>Day 100, half past twelve.</summary>
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(100).AddHours(12.5);

    private static ColdFile File(int number, long rows, double day, double days = 0.001, int first = 0, int last = 99) =>
        new($"{number}", rows, rows * 2, (long)(day * Day), (long)((day + days) * Day), 3) { FirstSeries = first, LastSeries = last };

    private static string Picked(params IEnumerable<ColdFile> files) => string.Join(' ', Compaction.Pick([.. files], Now).Select(static file => file.Path));

    private static double Today(double hour) => 100 + ((hour + 0.02) * Hour);

    [Fact]
    public void Eight_files_of_the_running_hour_and_of_about_one_size_become_one()
    {
        var files = Enumerable.Range(0, 7).Select(static i => File(i, 1000 + i, Today(12))).Append(File(7, 900_000, Today(12.2))).Append(File(8, 1000, Today(16))).ToList();
        Assert.Equal("", Picked(files));
        Assert.Equal("0 9 1 2 3 4 5 6", Picked(files.Append(File(9, 1000, Today(12.1)))));
    }

    [Fact]
    public void An_hour_that_is_over_becomes_one_file_then_four_hours_do_then_the_day()
    {
        Assert.Equal("1 2", Picked(File(1, 10, Today(9)), File(2, 10, Today(9.5)), File(3, 10, Today(12.1)), File(4, 10, Today(6))));
        Assert.Equal("1 2 3", Picked(File(1, 10, Today(4)), File(2, 10, Today(5.5)), File(3, 10, Today(7)), File(4, 10, Today(8))));
        Assert.Equal("1 2 3", Picked(File(1, 10, 99.1), File(2, 10, 99.3), File(3, 10, 99.2, days: 0.7), File(4, 10, 98.3)));
    }

    [Fact]
    public void The_hour_that_has_just_ended_is_left_until_its_last_rows_are_in_files() =>
        Assert.Equal("", string.Join(' ', Compaction.Pick([File(1, 10, Today(11)), File(2, 10, Today(11.5))], DateTimeOffset.UnixEpoch.AddDays(100).AddHours(12.2))));

    [Fact]
    public void Stragglers_of_a_day_that_was_merged_wait_until_they_are_worth_it()
    {
        // The day itself is in two files, cut between series.
        ColdFile[] day = [File(1, 500_000, 90.1, 0.5, first: 0, last: 49), File(2, 400_000, 90.1, 0.5, first: 50, last: 99)];
        Assert.Equal("", Picked(day));
        Assert.Equal("", Picked(day.Append(File(3, 100, 90.3)).Append(File(4, 100_000, 90.3))));
        Assert.Equal("1 2 3", Picked(day.Append(File(3, 301_000, 90.3))));
        Assert.Equal("4 5 6 7 8 9 10 11", Picked(day.Concat(Enumerable.Range(4, 8).Select(static i => File(i, 100, 90.3, first: i)))));
    }

    [Fact]
    public void Files_that_span_days_are_merged_with_their_like_only()
    {
        Assert.Equal("", Picked(Enumerable.Range(0, 7).Select(static i => File(i, 1000, 91.9, days: 0.5)).Append(File(7, 1000, 91.2))));
        Assert.Equal("0 1 2 3 4 5 6 7", Picked(Enumerable.Range(0, 8).Select(static i => File(i, 1000, 91.9, days: 0.5))));
        Assert.Equal("0 1 2 3 4 5 6 7", Picked(Enumerable.Range(0, 8).Select(static i => File(i, 1000, -900, days: 900))));
    }

    [Fact]
    public void What_is_more_than_one_merge_may_write_stays_in_shorter_spans()
    {
        Assert.Equal("", Picked(File(0, 130_000_000, 90.1), File(1, 130_000_000, 90.6)));
        Assert.Equal("2 3", Picked(File(0, 130_000_000, 90.1), File(1, 130_000_000, 90.6), File(2, 10, 90.401), File(3, 10, 90.401)));
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
