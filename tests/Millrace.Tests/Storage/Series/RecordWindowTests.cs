using Millrace.Contracts.Flows;
using Millrace.Contracts.Tables;

namespace Millrace.Tests.Storage.Series;

/// <summary>Timestream's rules for the time of a record, measured from its arrival.</summary>
public sealed class RecordWindowTests
{
    private const string Memory = "memory store";
    private const string Window = "data ingestion window";

    [Theory]
    [InlineData(false, 0, null)]
    [InlineData(false, 14, null)]
    [InlineData(false, 15, Memory)]
    [InlineData(false, -360, null)]
    [InlineData(false, -361, Memory)]
    [InlineData(false, -(30 * 1440) - 1, Memory)]
    [InlineData(true, 0, null)]
    [InlineData(true, 15, Window)]
    [InlineData(true, -361, null)]
    [InlineData(true, -30 * 1440, null)]
    [InlineData(true, -(30 * 1440) - 1, Window)]
    public void A_record_is_taken_by_its_time(bool magneticWrites, int minutes, string? refusedAs)
    {
        using var rig = new SeriesRig();
        rig.Store.Declare(SeriesRig.Fleet, new TableOptions { MagneticWrites = magneticWrites, Retention = TimeSpan.FromDays(30) });
        var outcomes = rig.Write(SeriesRig.Speed("a", 1, SeriesRig.Now + (minutes * 60 * SeriesRig.Second)));
        if (refusedAs is null)
        {
            Assert.Empty(outcomes.Refusals);
            return;
        }

        var oldest = magneticWrites ? "2026-05-02T00:00:00.000Z" : "2026-05-31T18:00:00.000Z";
        Assert.StartsWith(
            $"The record timestamp is outside the time range [{oldest}, 2026-06-01T00:15:00.000Z) of the {refusedAs}.", Assert.Single(outcomes.Refusals).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_is_too_far_ahead_gets_the_time_of_its_arrival_where_the_table_says_so()
    {
        using var rig = new SeriesRig();
        rig.Store.Declare(SeriesRig.Fleet, new TableOptions { OnFuture = FutureRule.ArrivalTime });
        var outcomes = Write(rig, SeriesRig.Now + SeriesRig.Day, arrivalNs: SeriesRig.Now - SeriesRig.Second);
        Assert.Empty(outcomes.Refusals);
        Assert.Equal(1, outcomes.TimesCorrected);
        rig.Settle();
        Assert.Equal(["2026-05-31 23:59:59.000000000"], await rig.LinesAsync("SELECT CAST(time AS VARCHAR) || '.000000000' FROM fleet.telemetry"));
        Assert.Equal(1, Assert.Single(rig.Store.Tables()).TimesCorrected);
    }

    [Fact]
    public void A_record_that_comes_again_later_is_decided_about_as_the_first_time()
    {
        using var rig = new SeriesRig();
        rig.Store.Declare(SeriesRig.Fleet, new TableOptions { MagneticWrites = false });
        var ahead = SeriesRig.Now + (20 * 60 * SeriesRig.Second);
        Assert.Single(Write(rig, ahead, SeriesRig.Now).Refusals);
        Assert.Empty(Write(rig, SeriesRig.Now, SeriesRig.Now).Refusals);
        rig.Clock.Advance(TimeSpan.FromHours(7));
        Assert.Single(Write(rig, ahead, SeriesRig.Now).Refusals);
        Assert.Empty(Write(rig, SeriesRig.Now + 1, SeriesRig.Now).Refusals);
        Assert.Single(Write(rig, SeriesRig.Now + 2, arrivalNs: null).Refusals);
    }

    [Fact]
    public async Task A_retention_that_is_lowered_takes_effect_on_the_rows_there_are()
    {
        using var rig = new SeriesRig();
        rig.Write(SeriesRig.Speed("a", 1, SeriesRig.Now - (5 * SeriesRig.Day)));
        await rig.MoveAsync();
        rig.Store.Declare(SeriesRig.Fleet, new TableOptions { Retention = TimeSpan.FromDays(1) });
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        await rig.SettledAsync();
        Assert.Equal(0, await rig.CountAsync());
    }

    private static Outcomes Write(SeriesRig rig, long timeNs, long? arrivalNs)
    {
        var points = new PointBatch();
        points.Begin(rig.Store.Table(SeriesRig.Fleet), 0, "speed"u8, multiMeasure: false, timeNs, arrivalNs: arrivalNs);
        points.Measure(PointBatch.SingleMeasure, 1.0);
        points.End();
        var outcomes = new Outcomes();
        rig.Store.Write(SeriesRig.Flow, points, outcomes);
        return outcomes;
    }
}
