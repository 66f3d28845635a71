using Millrace.Flows.Options;

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
            lock (_gate) return [.. _flows.Values.SelectMany(static flow => flow.Statuses).OrderBy(static status => status.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>Messages that named a flow by Basic Ingest when there was none of that name.</summary>
    public long RuleNotFound => services.Strays.Count;

    /// <summary>Says which flows there are from now on for messages that name one, before the first of them starts.</summary>
    public void Expect(IEnumerable<string> ingressFlows) => services.Strays.Expect(ingressFlows);

    /// <summary>Starts a flow; one of the same name ends first and the new one goes on at its checkpoints.</summary>
    /// <param name="plan">One that is not enabled only takes its place among the others.</param>
    /// <param name="former">Names of the lanes that the flow had in an earlier life, for one that it did not have: it begins where they stand.</param>
    public async Task StartAsync(FlowPlan plan, IReadOnlyCollection<string>? former = null)
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            await EndAsync(plan.Name).ConfigureAwait(false);
            if (plan.ErrorLane is null && services.RuleErrors is { } errors) await errors.GiveUpAsync(plan, services.DeadLetters).ConfigureAwait(false);
            if (plan.Enabled) LanePlaces.SettleAll(plan, former ?? [], services);
            var flow = new Flow(plan, services);
            lock (_gate) _flows.Add(plan.Name, flow);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Ends a flow, which keeps its place: started again, it goes on there.</summary>
    public async Task StopAsync(string name)
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            await EndAsync(name).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Forgets how far lanes were that run no more: ones of the same names start anew.</summary>
    /// <param name="lanes">Their names.</param>
    /// <param name="partitions">Of their source.</param>
    public async Task ForgetAsync(IEnumerable<string> lanes, int partitions)
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            foreach (var lane in lanes)
            {
                services.DeadLetters.Forget(lane);
                if (LaneNames.FlowOfWindows(lane) is { } windows) services.Windows?.Remove(windows);
                if (services.RuleErrors is { } errors && LaneNames.FlowOfErrors(lane) is { } flow) await errors.ForgetAsync(flow).ConfigureAwait(false);
                foreach (var key in KeysOf(lane, partitions).Where(key => services.Checkpoints.Load(key) is not null)) services.Checkpoints.Remove(key);
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>What the checkpoints of a lane are kept under.</summary>
    public static IEnumerable<string> KeysOf(string lane, int partitions) =>
        Enumerable.Range(0, partitions).Select(partition => $"{lane}/{partition}");

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
