using System.Globalization;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Tables;
using Millrace.Storage.Files;
using Millrace.Storage.Series;
using Millrace.Storage.Series.Query;

namespace Millrace.Tests.Storage.Series;

/// <summary>A series store in a directory of its own, and one flow that writes to it. DuckDB opens its files itself, so the disk is a real one here.</summary>
internal sealed class SeriesRig : IDisposable
{
    public const string Flow = "flow/0";

    /// <summary>2026-06-01, the clock's first time.</summary>
    public const long Now = 1_780_272_000_000_000_000;
    public const long Second = 1_000_000_000;
    public const long Day = 86_400 * Second;

    private readonly PointBatch _points = new();
    private readonly string _directory;
    private readonly bool _owned;
    private long _offset;

    /// <summary>Without a directory it makes one, which goes with the rig.</summary>
    public SeriesRig(SeriesOptions? options = null, Func<IDisk, IDisk>? disk = null, string? directory = null)
    {
        _owned = directory is null;
        _directory = directory ?? Path.Combine(Path.GetTempPath(), $"millrace-series-{Guid.NewGuid():N}");
        Options = options ?? new SeriesOptions { Threads = 1 };
        Disk = new FileDisk(_directory);
        if (disk is not null) Disk = disk(Disk);
        Store = SeriesStore.Open(Disk, _directory, Options, Clock);
    }

    public SeriesOptions Options { get; }

    public IDisk Disk { get; }

    public SteppedClock Clock { get; } = new(DateTimeOffset.UnixEpoch.AddTicks(Now / 100));

    public SeriesStore Store { get; private set; }

    public static TableName Fleet { get; } = new("fleet", "telemetry");

    /// <summary>As after a crash: what was not moved to files is gone.</summary>
    public void Reopen()
    {
        Store.Dispose();
        Store = SeriesStore.Open(Disk, _directory, Options, Clock);
    }

    /// <summary>Writes points as one batch of the flow, says that it was reached, and shows it.</summary>
    public Outcomes Write(params IEnumerable<Point> points)
    {
        var outcomes = Fill(points);
        Settle();
        return outcomes;
    }

    /// <summary>Writes points and leaves the flow between writing and saying what it reached.</summary>
    public Outcomes Fill(params IEnumerable<Point> points)
    {
        _points.Clear();
        var index = 0;
        foreach (var point in points) point.AddTo(_points, Store, index++);
        var outcomes = new Outcomes();
        Store.Write(Flow, _points, outcomes);
        _offset += index;
        return outcomes;
    }

    public void Settle()
    {
        Store.Reached(Flow, new Checkpoint(_offset, new FlowCounts { Examined = _offset }));
        Store.Show();
    }

    public Task MoveAsync() => Store.MoveAsync(TestContext.Current.CancellationToken);

    /// <summary>Ends when nothing runs in the background any more.</summary>
    public async Task SettledAsync()
    {
        Store.Reached("settled/0", new Checkpoint(_offset++, default));
        await MoveAsync();
    }

    public async Task<List<object?[]>> RowsAsync(string sql)
    {
        using var result = await Store.QueryAsync(sql, TestContext.Current.CancellationToken);
        return [.. result.Rows()];
    }

    /// <summary>The rows as text: values with | between.</summary>
    public async Task<string[]> LinesAsync(string sql) =>
        [.. (await RowsAsync(sql)).Select(static row => string.Join('|', row.Select(static value => Convert.ToString(value, CultureInfo.InvariantCulture))))];

    public async Task<long> CountAsync(string table = "fleet.telemetry") => (long)(await RowsAsync($"SELECT count(*) FROM {table}"))[0][0]!;

    public async Task<QueryException> RefusedAsync(string sql) =>
        await Assert.ThrowsAsync<QueryException>(async () => (await Store.QueryAsync(sql, TestContext.Current.CancellationToken)).Dispose());

    public static Point Speed(string vin, double value, long timeNs, long version = 1) => new("speed", timeNs, value) { Dimensions = [("vin", vin)], Version = version };

    public string FullPath(string path) => Path.Combine(_directory, path);

    public void Dispose()
    {
        Store.Dispose();
        if (_owned) Directory.Delete(_directory, recursive: true);
    }
}
