using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contracts.Flows;
using Millrace.Contracts.Records;
using Millrace.Flows.Options;
using Millrace.Flows.Running;
using Millrace.Flows.Steps;
using Millrace.Flows.Windows;
using Millrace.Sql.Rules;
using Millrace.Sql.Rules.Windows;
using Millrace.Testing;
using Millrace.Testing.Flows;

namespace Millrace.Tests.Flows.Windows;

/// <summary>A flow with windows over partitions in memory, carried by hand: a frame of this partition, then one of that, and a crash where a test wants it.</summary>
internal sealed class WindowBench
{
    private readonly WindowOptions _options;
    private readonly List<Carrier> _carriers = [];
    private CompiledRule _rule = null!;
    private WindowState _state = null!;

    public WindowBench(string sql, WindowOptions options, int partitions = 1)
    {
        _options = options;
        Sql = sql;
        Sources = [.. Enumerable.Range(0, partitions).Select(static i => new MemoryLog($"source-{i}"))];
        Store = new CrashingWindowStore(Crash);
        Start();
    }

    public string Sql { get; set; }

    public ManualClock Clock { get; } = new();

    public CrashPoint Crash { get; } = new();

    public CrashingWindowStore Store { get; }

    public MemoryLog[] Sources { get; }

    public MemoryLog Rows { get; } = new("flow.rows");

    public MemoryLog LateRows { get; } = new("late");

    public WindowStatus Status => _state.Status;

    /// <summary>Why messages were refused.</summary>
    public List<string> Refused { get; } = [];

    /// <summary>The process begins anew, with what it left behind.</summary>
    public void Start()
    {
        var compile = RuleSqlOptions.Default with { Windows = new WindowSqlOptions(_options.Time?.Field) };
        Assert.True(RuleSql.TryCompile(Sql, compile, out var rule, out var error), error?.ToString());
        _rule = rule;
        _state = new WindowState(new WindowSettings
        {
            Flow = "flow",
            Sql = Sql,
            Version = SqlVersion.V2016,
            Plan = rule.Windows!,
            Options = _options,
            Partitions = Sources.Length,
            Rows = new CrashingLog(Rows, Crash),
            Late = _options.Late is null ? null : new CrashingLog(LateRows, Crash),
            Store = Store,
            Recompile = static (sql, version, time) =>
                RuleSql.TryCompile(sql, RuleSqlOptions.Default with { Version = version, Windows = new WindowSqlOptions(time) }, out var old, out var error) ? old.Windows : throw new ArgumentException(error.ToString(), nameof(sql)),
            Clock = Clock,
            Logger = NullLogger.Instance,
        });
        _carriers.Clear();
        foreach (var source in Sources) _carriers.Add(new Carrier(this, source, _carriers.Count));
    }

    /// <summary>Reads the next frame of a partition. False at its end.</summary>
    public ValueTask<bool> CarryAsync(int partition) => _carriers[partition].CarryAsync();

    /// <summary>What a runner does when it is caught up, and each second.</summary>
    public ValueTask CommitAsync(int partition) => _carriers[partition].CommitAsync();

    /// <summary>All that there is to read; then time goes on, until all windows have ended.</summary>
    public async Task FinishAsync(TimeSpan beyond)
    {
        await ReadAllAsync();
        Clock.Advance(beyond);
        for (var i = 0; i < Sources.Length; i++) await CommitAsync(i);
        Clock.Advance(beyond);
        for (var i = 0; i < Sources.Length; i++) await CommitAsync(i);
    }

    public async Task ReadAllAsync()
    {
        for (var i = 0; i < Sources.Length; i++)
        {
            while (await CarryAsync(i))
            {
            }

            Clock.Advance(TimeSpan.FromSeconds(2));
            await CommitAsync(i);
        }
    }

    /// <summary>One message as a frame of its own, with its event time in seconds as its arrival too.</summary>
    public void Publish(double seconds, string json, int partition = 0, double? arrival = null)
    {
        Sources[partition].NowNs = (long)((arrival ?? seconds) * 1e9);
        var message = JsonNode.Parse(json)!.AsObject();
        message["time"] = (long)(seconds * 1000);
        Sources[partition].Frame(("a/t", message.ToJsonString()));
    }

    private sealed class Carrier(WindowBench bench, MemoryLog source, int partition)
    {
        private readonly RecordBatch _messages = new();
        private readonly RecordBatch _batch = new();
        private readonly Outcomes _outcomes = new();
        private readonly WindowSink _sink = new(bench._state, partition);
        private readonly SqlStep _step = new(bench._rule, new RuleContext(bench.Clock), new MessageFilter(bench._rule.Filter, Encoding.UTF8.GetBytes("flow")));
        private Checkpoint _reached;
        private bool _open;

        public async ValueTask<bool> CarryAsync()
        {
            await OpenAsync();
            _messages.Clear();
            if (!source.TryRead(_reached.Offset, _messages)) return false;
            _batch.ClearFor(_messages);
            _outcomes.Clear();
            _step.Apply(_messages, _batch, _outcomes);
            if (_batch.Count > 0) await _sink.WriteAsync(_batch, _reached, _outcomes, CancellationToken.None);
            bench.Refused.AddRange(_outcomes.Refusals.Select(static refusal => refusal.Reason));
            _reached = new Checkpoint(_messages.Through, _reached.Counts with { Examined = _messages.Through });
            return true;
        }

        public async ValueTask CommitAsync()
        {
            await OpenAsync();
            await _sink.CommitAsync(_reached, CancellationToken.None);
        }

        private async ValueTask OpenAsync()
        {
            if (_open) return;
            _reached = await _sink.OpenAsync(CancellationToken.None) ?? default;
            Assert.Equal(_reached.Offset, _reached.Counts.Examined);
            _open = true;
        }
    }
}
