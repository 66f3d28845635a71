using Millrace.Contracts;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Tables;

namespace Millrace.Tests.Storage.Series;

/// <summary>A deleted table is gone, whatever happens next.</summary>
public sealed class DeleteTableTests
{
    private static readonly TableName Other = new("fleet", "other");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Neither_a_restart_nor_a_replay_brings_rows_of_it_back(bool moved)
    {
        using var rig = new SeriesRig();
        rig.Write(SeriesRig.Speed("a", 1, SeriesRig.Now), SeriesRig.Speed("b", 2, SeriesRig.Now) with { Table = Other });
        if (moved) await rig.MoveAsync();
        rig.Write(SeriesRig.Speed("a", 3, SeriesRig.Now + 1));
        Assert.True(await rig.Store.DeleteAsync(SeriesRig.Fleet, Stop));
        Assert.False(await rig.Store.DeleteAsync(SeriesRig.Fleet, Stop));
        await rig.RefusedAsync("SELECT * FROM fleet.telemetry");
        Assert.Equal(1, await rig.CountAsync("fleet.other"));
        Assert.Equal(1, rig.Store.Stats.Series);

        // A flow goes on behind what it wrote to it.
        Assert.Equal(3, rig.Store.CheckpointOf(SeriesRig.Flow)!.Value.Offset);
        rig.Reopen();
        Assert.Equal(3, rig.Store.CheckpointOf(SeriesRig.Flow)!.Value.Offset);
        await rig.RefusedAsync("SELECT * FROM fleet.telemetry");
        Assert.Equal([Other], rig.Store.Tables().Select(static table => table.Name));
        Assert.Equal(1, await rig.CountAsync("fleet.other"));
    }

    [Fact]
    public async Task A_table_of_its_name_that_comes_later_is_empty_and_has_a_schema_of_its_own()
    {
        using var rig = new SeriesRig();
        rig.Write(SeriesRig.Speed("a", 1, SeriesRig.Now));
        await rig.MoveAsync();
        await rig.Store.DeleteAsync(SeriesRig.Fleet, Stop);
        Assert.Empty(rig.Write(new Point("speed", SeriesRig.Now, "fast") { Dimensions = [("site", "x")] }).Refusals);
        Assert.Equal(["x|fast"], await rig.LinesAsync("SELECT site, \"measure_value::varchar\" FROM fleet.telemetry"));
        await rig.MoveAsync();
        rig.Reopen();
        Assert.Equal(["x|fast"], await rig.LinesAsync("SELECT site, \"measure_value::varchar\" FROM fleet.telemetry"));
    }

    [Fact]
    public async Task Its_files_are_deleted_and_those_of_others_are_not()
    {
        using var rig = new SeriesRig();
        rig.Write(SeriesRig.Speed("a", 1, SeriesRig.Now), SeriesRig.Speed("b", 2, SeriesRig.Now) with { Table = Other });
        await rig.MoveAsync();
        string[] Files() => Directory.GetFiles(rig.FullPath("series/tables"), "*", SearchOption.AllDirectories);
        Assert.Equal(2, Files().Length);
        await rig.Store.DeleteAsync(SeriesRig.Fleet, Stop);
        await rig.SettledAsync();
        Assert.Contains("fleet.other", Assert.Single(Files()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_still_holds_it_is_told_and_begins_anew()
    {
        using var rig = new SeriesRig();
        rig.Write(SeriesRig.Speed("a", 1, SeriesRig.Now));
        var held = rig.Store.Table(SeriesRig.Fleet);
        await rig.Store.DeleteAsync(SeriesRig.Fleet, Stop);
        var points = new PointBatch();
        points.Begin(held, 0, "speed"u8, multiMeasure: false, SeriesRig.Now + 1);
        points.Measure(PointBatch.SingleMeasure, 1.0);
        points.End();
        Assert.Equal(Fault.Unavailable, Assert.Throws<FaultException>(() => rig.Store.Write(SeriesRig.Flow, points, new Outcomes())).Fault);
        Assert.Empty(rig.Store.Tables());
    }

    [Fact]
    public async Task A_crash_before_the_manifest_leaves_the_table_as_it_was()
    {
        using var rig = new SeriesRig();
        rig.Write(SeriesRig.Speed("a", 1, SeriesRig.Now));
        await rig.MoveAsync();
        rig.Fill(SeriesRig.Speed("a", 2, SeriesRig.Now + 1));

        // A flow that has not said what it reached keeps the manifest from being written.
        using var stop = new CancellationTokenSource();
        var deleting = rig.Store.DeleteAsync(SeriesRig.Fleet, stop.Token);
        await rig.RefusedAsync("SELECT * FROM fleet.telemetry");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deleting);
        rig.Reopen();
        Assert.Equal(1, await rig.CountAsync());
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
