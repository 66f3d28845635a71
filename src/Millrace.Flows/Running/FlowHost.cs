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

    /// <summary>Ends a flow and forgets how far it was.</summary>
    public async Task RemoveAsync(string name)
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (await EndAsync(name).ConfigureAwait(false) is not { } ended) return;
            foreach (var partition in ended.Plan.Source.Partitions) services.Checkpoints.Remove($"{name}/{partition.Index}");
        }
        finally
        {
            _changing.Release();
        }
    }

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

    private async Task<Flow?> EndAsync(string name)
    {
        Flow? flow;
        lock (_gate)
        {
            if (!_flows.Remove(name, out flow)) return null;
        }

        await flow.DisposeAsync().ConfigureAwait(false);
        return flow;
    }
}
