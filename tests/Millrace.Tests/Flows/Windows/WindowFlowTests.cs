using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contracts;
using Millrace.Flows;
using Millrace.Flows.DeadLetters;
using Millrace.Flows.Live;
using Millrace.Flows.Options;
using Millrace.Flows.Running;
using Millrace.Flows.Windows;
using Millrace.Testing;
using Millrace.Testing.Flows;
using Millrace.Tests.Server.Rules;

namespace Millrace.Tests.Flows.Windows;

/// <summary>A flow with windows from its options to its destination.</summary>
public sealed class WindowFlowTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly FlowOptions Flow = new()
    {
        Name = "f",
        Sql = "SELECT k, count(*) AS n FROM 'a/#' GROUP BY k, tumbling('1m')",
        Window = new WindowOptions { Time = new TimeOptions("time"), Idle = TimeSpan.FromDays(1) },
        Sinks = [new StreamSinkOptions { Name = "out", Key = "${k}" }],
    };

    private readonly MemoryLog _source = new();
    private readonly MemoryLog _out = new("out");
    private readonly MemoryLog _rows = new("f.rows");
    private readonly MemoryLog _letters = new("dead-letters");
    private readonly MemoryCheckpoints _checkpoints = new();
    private readonly CrashingWindowStore _store = new(new CrashPoint());
    private readonly ManualClock _clock = new();
    private readonly WindowServices _windows;
    private readonly Catalog _catalog;
    private FlowHost _host;

    public WindowFlowTests()
    {
        _windows = new WindowServices { Rows = _ => _rows, Store = _store, Logger = NullLogger.Instance };
        _catalog = new Catalog
        {
            Ingress = _source,
            Stream = _ => _out,
            Series = new MemorySeries(),
            Lake = static (_, _, _) => throw new NotSupportedException(),
            Publisher = new MemoryPublisher(),
            Live = new LiveFeed(),
            Clock = _clock,
            Windows = _windows,
        };
        _host = new FlowHost(Services());
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Its_rows_come_to_the_destination_once_over_restarts()
    {
        await _host.StartAsync(_catalog.Plan(Flow));
        Publish(0, "a");
        Publish(1, "a");
        Publish(200, "b");
        Publish(201, "b");
        await ArrivedAsync(1);
        await _host.DisposeAsync();
        _host = new FlowHost(Services());
        await _host.StartAsync(_catalog.Plan(Flow));
        Publish(400, "c");
        Publish(401, "c");
        await ArrivedAsync(2);
        Assert.Equal(["""{"k":"a","n":2}""", """{"k":"b","n":2}"""], _out.Payloads());
        Assert.Equal(1, _windows.Registry.Find("f")!.Open);
    }

    [Fact]
    public async Task Rows_that_are_carried_again_do_not_stand_in_a_stream_twice()
    {
        await _host.StartAsync(_catalog.Plan(Flow));
        Publish(0, "a");
        Publish(0, "b");
        Publish(200, "c");
        Publish(201, "c");
        await ArrivedAsync(2);
        await _host.DisposeAsync();

        // As if the position had not been saved before a crash.
        _checkpoints.Save("f.rows:stream/0", default);
        _host = new FlowHost(Services());
        await _host.StartAsync(_catalog.Plan(Flow));
        Publish(400, "d");
        Publish(401, "d");
        await ArrivedAsync(3);
        Assert.Equal(["""{"k":"a","n":1}""", """{"k":"b","n":1}""", """{"k":"c","n":2}"""], _out.Payloads());
    }

    [Fact]
    public async Task What_it_cannot_read_is_a_dead_letter_and_its_books_balance()
    {
        await _host.StartAsync(_catalog.Plan(Flow));
        _source.Frame(("a/t", """{"k":"a","time":"never"}"""), ("a/t", "{"), ("b/t", "{}"));
        Publish(0, "a");
        Publish(200, "a");
        Publish(201, "a");
        await ArrivedAsync(1);
        Assert.Equal(2, _letters.End);
        Assert.Equal(["f.rows", "f:windows"], _host.Statuses.Select(static lane => lane.Name));
        Assert.All(_host.Statuses, static lane => Assert.True(lane.Balanced && lane.Flow == "f"));
        await _host.StopAsync("f");
    }

    [Fact]
    public async Task Forgotten_it_has_no_windows_and_begins_where_its_rows_end()
    {
        await _host.StartAsync(_catalog.Plan(Flow));
        Assert.Equal(0, _checkpoints.Load("f.rows:stream/0")!.Value.Offset);
        Publish(0, "a");
        Publish(200, "a");
        Publish(201, "a");
        await ArrivedAsync(1);
        await _host.StopAsync("f");
        Assert.NotNull(_store.Load("f"));
        Assert.Equal(["f:windows", "f.rows:stream"], LaneNames.Of(Flow));
        await _host.ForgetAsync(LaneNames.Of(Flow), 1);
        Assert.Null(_store.Load("f"));
        await _host.StartAsync(_catalog.Plan(Flow with { Start = FlowStart.Now }));
        Assert.Equal(1, _checkpoints.Load("f.rows:stream/0")!.Value.Offset);
    }

    [Fact]
    public async Task A_flow_that_gets_windows_goes_on_where_it_stands_and_so_does_one_that_loses_them()
    {
        var plain = Flow with { Sql = "SELECT k FROM 'a/#'", Window = null };
        for (var i = 0; i < 5; i++) Publish(i, "a");
        _checkpoints.Save("f:stream/0", new(3, default));
        _checkpoints.Save("f.rows:stream/0", new(400, default));
        await _host.StartAsync(_catalog.Plan(Flow) with { Retry = new RetryOptions() }, LaneNames.Of(plain));
        Assert.Equal(3, _checkpoints.Load("f:windows/0")!.Value.Offset);
        await _host.StopAsync("f");
        _checkpoints.Remove("f:stream/0");
        _checkpoints.Save("f:windows/0", new(4, default));
        await _host.StartAsync(_catalog.Plan(plain), LaneNames.Of(Flow));
        Assert.Equal(4, _checkpoints.Load("f:stream/0")!.Value.Offset);
    }

    [Fact]
    public void Where_nobody_keeps_windows_it_cannot_be() =>
        Assert.Throws<ArgumentException>(() => (_catalog with { Windows = null }).Plan(Flow));

    [Fact]
    public void A_step_without_what_it_looks_in_cannot_be()
    {
        var flow = Flow with { Sql = "SELECT * FROM 'a'", Window = null, Steps = [new EnrichOptions { From = new EnrichTable("a.csv", "k"), With = "k" }] };
        Assert.Contains("--reference", Assert.Throws<FaultException>(() => _catalog.Plan(flow)).Message, StringComparison.Ordinal);
    }

    private FlowServices Services() => new(
        new FlowRunnerOptions { Linger = TimeSpan.Zero }, _checkpoints, new DeadLetterLog(_letters), TimeProvider.System, new Random(1), NullLoggerFactory.Instance)
    {
        Windows = _store,
    };

    private void Publish(int seconds, string k)
    {
        _source.NowNs = 1_000_000_000L * seconds;
        _source.Frame(("a/t", $$"""{"k":"{{k}}","time":{{seconds * 1000}}}"""));
    }

    private async Task ArrivedAsync(int rows)
    {
        // Time goes on while the flow works: snapshots are taken by the clock, from when the flow has begun.
        using var patience = new CancellationTokenSource(Patience);
        while (_out.End < rows)
        {
            patience.Token.ThrowIfCancellationRequested();
            _clock.Advance(TimeSpan.FromSeconds(1));
            using var moment = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            await _out.WaitForRecordsAsync(rows - 1, moment.Token).AsTask().ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }
}
