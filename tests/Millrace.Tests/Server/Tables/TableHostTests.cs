using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Flows.Options;
using Millrace.Server.Pipeline;
using Millrace.Server.Tables;
using Millrace.Testing.Storage;
using Millrace.Tests.Storage.Series;

namespace Millrace.Tests.Server.Tables;

/// <summary>What the pipeline file and a person at run time say about one table.</summary>
public sealed class TableHostTests : IDisposable
{
    private readonly SeriesRig _rig = new();
    private readonly MemoryDocuments _documents = new();
    private TableHost _host;

    public TableHostTests() => _host = Host();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task What_is_said_at_run_time_holds_after_a_restart()
    {
        Assert.True(await _host.PutAsync(SeriesRig.Fleet, new TableChange { Dimensions = ["vin"], Measures = new Dictionary<string, string> { ["n"] = "bigint" }, Retention = "30d", MagneticWrites = false }));
        Assert.False(await _host.PutAsync(SeriesRig.Fleet, new TableChange { OnFuture = "arrivalTime", Dimensions = ["site"] }));
        void Holds()
        {
            var options = _rig.Store.OptionsOf(SeriesRig.Fleet)!;
            Assert.Equal((TimeSpan.FromDays(30), false, FutureRule.ArrivalTime), (options.Retention!.Value, options.MagneticWrites, options.OnFuture));
            Assert.Equal(MeasureType.Bigint, options.Measures["n"]);
            Assert.Equal(["vin", "site"], _rig.Store.DimensionsOf(SeriesRig.Fleet));
        }

        Holds();
        _rig.Reopen();
        _host = Host();
        _host.Declare([]);
        Holds();
        await _host.PutAsync(SeriesRig.Fleet, new TableChange { Retention = TableChange.Forever });
        Assert.Null(_rig.Store.OptionsOf(SeriesRig.Fleet)!.Retention);
    }

    [Fact]
    public async Task The_file_holds_for_what_it_names_and_run_time_for_the_rest()
    {
        _host.Declare([new TableDeclaration(SeriesRig.Fleet) { Retention = TimeSpan.FromDays(7) }]);
        var refused = await Assert.ThrowsAsync<FaultException>(() => _host.PutAsync(SeriesRig.Fleet, new TableChange { Retention = "1d" }));
        Assert.Contains("declared in the pipeline file", refused.Message, StringComparison.Ordinal);
        await _host.PutAsync(SeriesRig.Fleet, new TableChange { FutureLimit = "1h" });
        Assert.Equal(["retention"], _host.Find(SeriesRig.Fleet)!.Declared);

        // A file that comes later wins for what it names, and gives it back when it no longer does.
        _host.Declare([new TableDeclaration(SeriesRig.Fleet) { FutureLimit = TimeSpan.FromMinutes(1) }]);
        Assert.Equal((null, TimeSpan.FromMinutes(1)), (_rig.Store.OptionsOf(SeriesRig.Fleet)!.Retention, _rig.Store.OptionsOf(SeriesRig.Fleet)!.FutureLimit));
        _host.Declare([]);
        Assert.Equal(TimeSpan.FromHours(1), _rig.Store.OptionsOf(SeriesRig.Fleet)!.FutureLimit);
    }

    [Fact]
    public async Task A_table_that_a_flow_writes_to_is_deleted_by_force_only()
    {
        _rig.Write(SeriesRig.Speed("a", 1, SeriesRig.Now));
        foreach (var table in (string[])["fleet.telemetry", "fleet.${topic(1)}", "${a}.${b}"])
        {
            _host.Flows = () => [FlowTo(table)];
            Assert.Contains("into writes to fleet.telemetry", (await Assert.ThrowsAsync<FaultException>(() => _host.DeleteAsync(SeriesRig.Fleet, force: false, Stop))).Message, StringComparison.Ordinal);
        }

        _host.Flows = () => [FlowTo("fleet.other"), FlowTo("wells.${site}"), FlowTo("fleet.telemetry") with { Enabled = false }];
        Assert.True(await _host.DeleteAsync(SeriesRig.Fleet, force: false, Stop));
        Assert.False(await _host.DeleteAsync(SeriesRig.Fleet, force: false, Stop));
        Assert.Null(_host.Find(SeriesRig.Fleet));
    }

    [Fact]
    public async Task A_declared_table_that_is_deleted_by_force_is_there_and_empty()
    {
        _host.Declare([new TableDeclaration(SeriesRig.Fleet) { Dimensions = ["vin"] }]);
        _rig.Write(SeriesRig.Speed("a", 1, SeriesRig.Now));
        await Assert.ThrowsAsync<FaultException>(() => _host.DeleteAsync(SeriesRig.Fleet, force: false, Stop));
        Assert.True(await _host.DeleteAsync(SeriesRig.Fleet, force: true, Stop));
        Assert.Equal(0, await _rig.CountAsync());
    }

    [Fact]
    public async Task A_deleted_table_forgets_what_was_said_about_it()
    {
        await _host.PutAsync(SeriesRig.Fleet, new TableChange { Retention = "1d" });
        await _host.DeleteAsync(SeriesRig.Fleet, force: false, Stop);
        await _host.PutAsync(SeriesRig.Fleet, new TableChange());
        Assert.Null(_rig.Store.OptionsOf(SeriesRig.Fleet)!.Retention);
    }

    [Fact]
    public async Task Databases_come_with_their_tables_or_by_name_and_go_when_they_are_empty()
    {
        Assert.True(await _host.PutDatabaseAsync("empty"));
        Assert.False(await _host.PutDatabaseAsync("empty"));
        await _host.PutAsync(SeriesRig.Fleet, new TableChange());
        Assert.Equal([new DatabaseView("empty", 0), new DatabaseView("fleet", 1)], _host.Databases());
        Assert.Contains("has 1 tables", (await Assert.ThrowsAsync<FaultException>(() => _host.DeleteDatabaseAsync("fleet"))).Message, StringComparison.Ordinal);
        Assert.True(await _host.DeleteDatabaseAsync("empty"));
        Assert.False(await _host.DeleteDatabaseAsync("empty"));
        foreach (var name in (string[])["main", "a b", ""]) await Assert.ThrowsAsync<FaultException>(() => _host.PutDatabaseAsync(name));
    }

    [Theory]
    [InlineData("retention", "7 days", null, null, null)]
    [InlineData("memoryRetention", null, "0s", null, null)]
    [InlineData("futureLimit", null, null, "soon", null)]
    [InlineData("onFuture", null, null, null, "keep")]
    public async Task A_mistake_is_named_and_changes_nothing(string where, string? retention, string? memory, string? future, string? onFuture)
    {
        var change = new TableChange { Retention = retention, MemoryRetention = memory, FutureLimit = future, OnFuture = onFuture };
        Assert.StartsWith($"{where}: must be", (await Assert.ThrowsAsync<FaultException>(() => _host.PutAsync(SeriesRig.Fleet, change))).Message, StringComparison.Ordinal);
        Assert.Null(_host.Find(SeriesRig.Fleet));
    }

    [Fact]
    public async Task A_schema_that_the_table_cannot_have_is_refused()
    {
        await Assert.ThrowsAsync<FaultException>(() => _host.PutAsync(SeriesRig.Fleet, new TableChange { Dimensions = ["time"] }));
        Assert.Null(_host.Find(SeriesRig.Fleet));
        _rig.Write(SeriesRig.Speed("a", 1, SeriesRig.Now));
        var change = new TableChange { Measures = new Dictionary<string, string> { ["speed"] = "varchar" } };
        Assert.Contains("is double already", (await Assert.ThrowsAsync<FaultException>(() => _host.PutAsync(SeriesRig.Fleet, change))).Message, StringComparison.Ordinal);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static FlowOptions FlowTo(string table) => new()
    {
        Name = "into",
        Sql = "SELECT * FROM '#'",
        Sinks = [new SeriesSinkOptions { Table = table, Measure = new MultiMeasure("m") }],
    };

    private TableHost Host() => new(_rig.Store, new TableDocuments(_documents, TimeProvider.System));
}
