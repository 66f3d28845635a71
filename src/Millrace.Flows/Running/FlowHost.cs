namespace Millrace.Flows.Running;

/// <summary>All flows that run, by name.</summary>
public sealed class FlowHost(FlowServices services) : IAsyncDisposable
{
    private readonly Dictionary<string, Flow> _flows = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changing = new(1);
    private readonly Lock _gate = new();

    public IReadOnlyList<FlowStatus> Statuses
    {
        get
        {
            lock (_gate) return [.. _flows.Values.Select(static flow => flow.Status).OrderBy(static status => status.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>Messages that named a flow by Basic Ingest when there was none of that name.</summary>
    public long RuleNotFound => services.Strays.Count;

    /// <summary>Says which flows there are from now on for messages that name one, before the first of them starts.</summary>
    public void Expect(IEnumerable<string> ingressFlows) => services.Strays.Expect(ingressFlows);

    /// <summary>Starts a flow; one of the same name ends first and the new one goes on at its checkpoint.</summary>
    public async Task StartAsync(FlowPlan plan)
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            await EndAsync(plan.Name).ConfigureAwait(false);
            var flow = new Flow(plan, services);
            lock (_gate) _flows.Add(plan.Name, flow);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Ends a flow and forgets how far it was, also where it does not run: one of the same name starts anew.</summary>
    /// <param name="name">Of the flow.</param>
    /// <param name="partitions">Of its source.</param>
    public async Task RemoveAsync(string name, int partitions)
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            await EndAsync(name).ConfigureAwait(false);
            services.DeadLetters.Forget(name);
            foreach (var key in KeysOf(name, partitions)) services.Checkpoints.Remove(key);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>What the checkpoints of a flow are kept under.</summary>
    public static IEnumerable<string> KeysOf(string flow, int partitions) =>
        Enumerable.Range(0, partitions).Select(partition => $"{flow}/{partition}");

    /// <summary>Ends all flows, all at the same time, each at a checkpoint.</summary>
    public async ValueTask DisposeAsync()
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        Flow[] flows;
        lock (_gate)
        {
            flows = [.. _flows.Values];
            _flows.Clear();
        }

        await Task.WhenAll(flows.Select(static flow => flow.DisposeAsync().AsTask())).ConfigureAwait(false);
        _changing.Dispose();
    }

    private async Task EndAsync(string name)
    {
        Flow? flow;
        lock (_gate)
        {
            if (!_flows.Remove(name, out flow)) return;
        }

        await flow.DisposeAsync().ConfigureAwait(false);
    }
}
