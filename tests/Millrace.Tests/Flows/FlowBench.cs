using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Contracts.Flows;
using Millrace.Flows.DeadLetters;
using Millrace.Flows.Errors;
using Millrace.Flows.Options;
using Millrace.Flows.Running;
using Millrace.Flows.Steps;
using Millrace.Sql.Rules;
using Millrace.Testing.Flows;

namespace Millrace.Tests.Flows;

/// <summary>A host of flows over logs in memory, which can be ended and begun again.</summary>
internal sealed class FlowBench : IAsyncDisposable
{
    private FlowHost? _host;

    public MemoryLog Source { get; } = new();

    public MemoryLog Letters { get; } = new(DeadLetterLog.LogName);

    public MemoryLog Errors { get; } = new(RuleErrorLog.LogName);

    public MemoryCheckpoints Checkpoints { get; init; } = new();

    public FlowRunnerOptions Options { get; init; } = new() { Linger = TimeSpan.Zero, Gather = TimeSpan.Zero };

    public FlowServices? Services { get; private set; }

    public FlowHost Host => _host ??= new FlowHost(Services = NewServices());

    public IReadOnlyList<DeadLetter> DeadLetters => new DeadLetterLog(Letters).Newest(null, 1000);

    /// <summary>All flows end as they should; what comes next is another life.</summary>
    public async Task RestartAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        _host = null;
    }

    public async ValueTask DisposeAsync() => await RestartAsync();

    public FlowPlan Plan(string sql, params (string Kind, ScriptedSink Sink)[] lanes) => Plan("f", sql, lanes);

    public FlowPlan Plan(string name, string sql, params (string Kind, ScriptedSink Sink)[] lanes)
    {
        Assert.True(RuleSql.TryCompile(sql, out var rule, out var error), error?.ToString());
        var utf8 = System.Text.Encoding.UTF8.GetBytes(name);
        return new FlowPlan
        {
            Name = name,
            Source = Source,
            ReadsIngress = true,
            Filter = new MessageFilter(rule.Filter, utf8),
            CreateSteps = () => [new SqlStep(rule, new RuleContext(TimeProvider.System))],
            Lanes = [.. lanes.Select(lane => Lane.To(name, lane.Sink, lane.Kind, lanes.Length == 1))],
            StartAtOldest = true,
            Retry = new RetryOptions { First = TimeSpan.FromMilliseconds(10) },
        };
    }

    public static async Task Until(Func<bool> holds)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!holds()) await again.WaitForNextTickAsync(stop.Token);
    }

    private FlowServices NewServices() =>
        new(Options, Checkpoints, new DeadLetterLog(Letters), TimeProvider.System, new Random(1), NullLoggerFactory.Instance)
        {
            RuleErrors = new RuleErrorLog(Errors),
        };
}
