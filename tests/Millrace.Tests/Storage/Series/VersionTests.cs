using Millrace.Contracts;

namespace Millrace.Tests.Storage.Series;

/// <summary>Timestream's table of versions, with the existing row in memory, in a file, and in the same batch.</summary>
public sealed class VersionTests
{
    private const string Values = "SELECT \"measure_value::double\" FROM fleet.telemetry";
    private const long Time = SeriesRig.Now;

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_table_of_versions_holds(bool inFile)
    {
        using var rig = new SeriesRig();
        async Task Step(double value, long version, string row, bool absorbed = false, string? refused = null)
        {
            var outcomes = rig.Write(SeriesRig.Speed("a", value, Time, version));
            Assert.Equal(absorbed ? 1 : 0, outcomes.AbsorbedRecords.Count);
            if (refused is null) Assert.Empty(outcomes.Refusals);
            else Assert.StartsWith(refused, Assert.Single(outcomes.Refusals).Reason, StringComparison.Ordinal);
            Assert.Equal([row], await rig.LinesAsync(Values));
            if (inFile) await rig.MoveAsync();
            Assert.Equal([row], await rig.LinesAsync(Values));
        }

        await Step(10, 1, "10");                                                                                             // W1
        await Step(10, 1, "10", absorbed: true);                                                                             // W2
        await Step(11, 1, "10", refused: "A record already exists with the same time, dimensions, measure name, and record version."); // W3
        await Step(11, 2, "11");                                                                                             // W4
        await Step(12, 1, "11", refused: "The record version 1 is lower than the existing version 2.");                      // W5
        await Step(11, 5, "11");                                                                                             // W6
        await Step(12, 3, "11", refused: "The record version 3 is lower than the existing version 5.");                      // W7
        await Step(11, 3, "11", absorbed: true);                                                                             // W8
        await rig.MoveAsync();
        rig.Reopen();
        Assert.Equal(["11"], await rig.LinesAsync(Values));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_multi_measure_record_that_replaces_keeps_the_measures_it_does_not_name(bool inFile)
    {
        using var rig = new SeriesRig();
        Point Multi(long version, params (string, object)[] values) => new("m", Time, values.ToDictionary()) { Version = version, Dimensions = [("vin", "a")] };
        rig.Write(Multi(1, ("a", 1.0), ("b", "x")));
        if (inFile) await rig.MoveAsync();
        var outcomes = rig.Write(Multi(2, ("a", 2.0), ("c", true)));
        Assert.Empty(outcomes.Refusals);
        Assert.Equal(["2|x|True"], await rig.LinesAsync("SELECT a, b, c FROM fleet.telemetry")); // W9
        Assert.Single(rig.Write(Multi(2, ("b", "x"))).AbsorbedRecords);
        Assert.Single(rig.Write(Multi(2, ("b", "y"))).Refusals);
    }

    [Fact]
    public async Task Versions_of_one_batch_follow_each_other()
    {
        using var rig = new SeriesRig();
        var outcomes = rig.Write(
            SeriesRig.Speed("a", 1, Time), SeriesRig.Speed("a", 1, Time), SeriesRig.Speed("a", 2, Time), SeriesRig.Speed("a", 3, Time, version: 7), SeriesRig.Speed("a", 9, Time, version: 6));
        Assert.Equal([1], outcomes.AbsorbedRecords);
        Assert.Equal([2, 4], outcomes.Refusals.Select(static refusal => refusal.Index));
        Assert.All(outcomes.Refusals, static refusal => Assert.Equal(Fault.Refused, refusal.Fault));
        Assert.Equal(["3"], await rig.LinesAsync(Values));
    }

    [Fact]
    public async Task Late_points_find_their_place_and_repeated_ones_are_absorbed()
    {
        using var rig = new SeriesRig();
        rig.Write(Enumerable.Range(0, 100).Select(static i => SeriesRig.Speed("a", i, Time - (i * 2 * SeriesRig.Second))));
        await rig.MoveAsync();
        var outcomes = rig.Write(Enumerable.Range(0, 200).Select(static i => SeriesRig.Speed("a", i / 2.0, Time - (i * SeriesRig.Second))));
        Assert.Equal(100, outcomes.AbsorbedRecords.Count);
        Assert.Empty(outcomes.Refusals);
        Assert.Equal(200, await rig.CountAsync());
    }

    [Fact]
    public async Task A_replaced_row_is_never_seen_beside_the_one_that_replaces_it()
    {
        using var rig = new SeriesRig();
        for (var version = 1; version <= 6; version++)
        {
            rig.Write(Enumerable.Range(0, 50).Select(i => SeriesRig.Speed($"car{i}", version, Time, version)));
            Assert.Equal([$"50|{version}|{version}"], await rig.LinesAsync("SELECT count(*), min(\"measure_value::double\"), max(\"measure_value::double\") FROM fleet.telemetry"));
            if (version % 2 == 0) await rig.MoveAsync();
            if (version % 3 == 0) rig.Reopen();
        }
    }
}
