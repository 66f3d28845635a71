using Millrace.Contracts;
using Millrace.Flows;
using Millrace.Flows.Options;
using Millrace.Flows.Running;
using Millrace.Server.Connections;
using Millrace.Server.Rules;
using Millrace.Server.Streams;
using Millrace.Storage.Files;
using Millrace.Storage.Series;

namespace Millrace.Server.Pipeline;

/// <summary>Makes the server what a pipeline file says, and keeps the file.</summary>
internal sealed class PipelineHost(
    IDisk disk, Catalog catalog, FlowHost flows, FleetHost fleets, SeriesStore series, StreamHost streams, CollectionSet collections)
{
    private const string Kept = "pipeline.yaml";

    private readonly SemaphoreSlim _applying = new(1);

    /// <summary>What was put at run time beside the file.</summary>
    private IReadOnlyList<FlowOptions> _rules = [];

    /// <summary>Told whether a flow asks who published a message, before the flows that ask run.</summary>
    public Action<bool> RecordPublisher { get; init; } = static _ => { };

    /// <summary>The file that was applied last.</summary>
    public PipelineFile Current { get; private set; } = PipelineFile.Empty;

    /// <summary>Starts what the file of the last time says, changed to what <paramref name="given"/> says, and the rules of run time beside it.</summary>
    /// <param name="given">Null: what the last time says.</param>
    /// <param name="rulesBeside">The rules that can run beside a file.</param>
    public async Task StartAsync(PipelineSource? given, Func<PipelineFile, IReadOnlyList<FlowOptions>> rulesBeside)
    {
        var before = Read();
        var start = given ?? before ?? new PipelineSource(PipelineFile.Empty, []);
        streams.Restore();
        _rules = rulesBeside(WithStreams(start.File));
        await ApplyAsync(start, before?.File);
    }

    /// <summary>Changes what runs; flows that are not changed are not touched.</summary>
    /// <exception cref="FaultException">Refused: a stream cannot become what the file says, or this machine lacks what a destination needs.</exception>
    public async Task<PipelineDiff> ApplyAsync(PipelineSource pipeline)
    {
        KafkaSinks.NeedLibrary(pipeline.File.Flows);
        await _applying.WaitAsync();
        try
        {
            return await ApplyAsync(pipeline, Current);
        }
        finally
        {
            _applying.Release();
        }
    }

    /// <summary>Changes one rule of run time; all else stays as it is.</summary>
    /// <param name="decide">Sees the file and the rules there are; null: nothing changes.</param>
    /// <returns>Whether something changed.</returns>
    public async Task<bool> ChangeRulesAsync(Func<PipelineFile, IReadOnlyList<FlowOptions>, RuleChange?> decide)
    {
        await _applying.WaitAsync();
        try
        {
            if (decide(WithStreams(Current), _rules) is not { } change) return false;
            FlowOptions[] rules = [.. _rules.Where(rule => rule.Name != change.Name)];
            if (change.Flow is { } flow)
            {
                KafkaSinks.NeedLibrary([flow]);
                rules = [.. rules, flow];
            }

            await ChangeAsync(With(Current, rules), With(Current, _rules), async () =>
            {
                // It runs so by now, whether or not it could be kept: whoever is told that it could not tries again, and changes this.
                _rules = rules;
                await change.SaveAsync();
            });
            return true;
        }
        finally
        {
            _applying.Release();
        }
    }

    /// <summary>Does something to streams while no flow comes or goes.</summary>
    /// <param name="changeAsync">Given all flows that run.</param>
    public async Task<T> ChangeStreamsAsync<T>(Func<IReadOnlyList<FlowOptions>, Task<T>> changeAsync)
    {
        await _applying.WaitAsync();
        try
        {
            return await changeAsync([.. Current.Flows, .. _rules]);
        }
        finally
        {
            _applying.Release();
        }
    }

    /// <summary>Starts the flows that have failed once more, where they stand: what they failed on was put right.</summary>
    public async Task RestartFailedAsync()
    {
        await _applying.WaitAsync();
        try
        {
            await ChangeAsync(With(Current, _rules), With(Current, _rules), static () => Task.CompletedTask);
        }
        finally
        {
            _applying.Release();
        }
    }

    /// <summary>For rules of run time, which may use the streams of run time.</summary>
    private PipelineFile WithStreams(PipelineFile file) =>
        file with { Streams = [.. file.Streams, .. streams.List().Select(static view => view.Options).Where(stream => file.Streams.All(known => known.Name != stream.Name))] };

    /// <param name="pipeline">What is to run.</param>
    /// <param name="known">What ran until now, here or in the life before; null where nobody knows.</param>
    private async Task<PipelineDiff> ApplyAsync(PipelineSource pipeline, PipelineFile? known)
    {
        if (pipeline.File.Flows.FirstOrDefault(flow => _rules.Any(rule => rule.Name == flow.Name)) is { } taken)
            throw new FaultException(Fault.Refused, $"{taken.Name} is a rule that was put at run time: give the flow another name, or remove the rule with millrace rule delete {taken.Name}");
        await ChangeAsync(With(pipeline.File, _rules), known is null ? null : With(known, _rules), () =>
        {
            AtomicFile.Write(disk, Kept, pipeline.Text);
            Current = pipeline.File;
            return Task.CompletedTask;
        });
        return PipelineDiff.Between(known ?? PipelineFile.Empty, pipeline.File);
    }

    private static PipelineFile With(PipelineFile file, IReadOnlyList<FlowOptions> rules) => file with { Flows = [.. file.Flows, .. rules] };

    /// <param name="after">What is to run.</param>
    /// <param name="known">As above.</param>
    /// <param name="keepAsync">Makes it what the next start begins with; called when it runs.</param>
    private async Task ChangeAsync(PipelineFile after, PipelineFile? known, Func<Task> keepAsync)
    {
        var before = known ?? PipelineFile.Empty;
        var diff = PipelineDiff.Between(before, after);
        streams.Declare(after.Streams);
        collections.Declare(after.Collections);
        foreach (var table in after.Tables) series.Declare(table.Name, table.ToOptions());

        // All plans are made before the first flow is touched: a file that cannot be planned changes nothing.
        // A flow that has failed is started again: whoever applies the file has put right what it failed on.
        var failed = flows.Statuses.Where(static lane => lane.State == FlowState.Failed).Select(static lane => lane.Flow).ToHashSet(StringComparer.Ordinal);
        var running = flows.Statuses.Select(static lane => lane.Flow).Except(failed).ToHashSet(StringComparer.Ordinal);
        var plans = after.Flows.Where(flow => diff.Flows.Changed.Contains(flow.Name) || !running.Contains(flow.Name)).Select(Planned).ToArray();
        RecordPublisher(after.Flows.Any(static flow => flow.AsksForPublisher()));
        flows.Expect(after.Flows.Where(static flow => flow.Source is IngressSource).Select(static flow => flow.Name));

        var old = before.Flows.ToDictionary(static flow => flow.Name, StringComparer.Ordinal);
        var now = after.Flows.ToDictionary(static flow => flow.Name, StringComparer.Ordinal);
        foreach (var gone in before.Flows.Where(flow => !GoesOn(flow, now))) await flows.StopAsync(gone.Name);

        // What is left under the name of a lane that is new, by a crash in the middle of this, is not the new one's.
        if (known is not null)
            await ForgetAsync(after, flow => LaneNames.WithErrorsOf(flow).Except(GoesOn(flow, old) ? LaneNames.WithErrorsOf(old[flow.Name]) : []));
        foreach (var plan in plans)
            await flows.StartAsync(plan, GoesOn(now[plan.Name], old) ? LaneNames.Of(old[plan.Name]) : null);
        await fleets.ApplyAsync(after.Fleets);
        await keepAsync();

        // Only now: had the server stopped before, the old file would have wanted them.
        await ForgetAsync(before, flow => LaneNames.WithErrorsOf(flow).Except(now.TryGetValue(flow.Name, out var same) ? LaneNames.WithErrorsOf(same) : []));
    }

    /// <exception cref="FaultException">Refused: a statement or a template of it is not for this server.</exception>
    private FlowPlan Planned(FlowOptions flow)
    {
        try
        {
            return catalog.Plan(flow);
        }
        catch (ArgumentException wrong)
        {
            throw new FaultException(Fault.Refused, wrong.Message, wrong);
        }
    }

    /// <summary>Positions are those of one source: a flow that reads another one from now on is another flow.</summary>
    private static bool GoesOn(FlowOptions flow, Dictionary<string, FlowOptions> others) =>
        others.TryGetValue(flow.Name, out var same) && same.Source == flow.Source;

    private async Task ForgetAsync(PipelineFile file, Func<FlowOptions, IEnumerable<string>> lanesOf)
    {
        var inTables = 0;
        foreach (var flow in file.Flows)
        {
            var lanes = lanesOf(flow).ToArray();
            if (lanes.Length == 0) continue;
            var partitions = flow.Source is StreamSource stream
                ? streams.Find(stream.Name)?.Options.Partitions ?? 1
                : catalog.Ingress.Partitions.Count;
            await flows.ForgetAsync(lanes, partitions);
            inTables += lanes.SelectMany(lane => FlowHost.KeysOf(lane, partitions)).Count(series.Forget);
        }

        // The tables' files hold the positions of flows: without this, a crash would bring the old ones back.
        if (inTables > 0) await series.MoveAsync(CancellationToken.None);
    }

    private PipelineSource? Read()
    {
        if (AtomicFile.Read(disk, Kept) is not { } text) return null;
        return PipelineReader.TryRead(text, out var file, out var problems)
            ? new PipelineSource(file, text)
            : throw new FaultException(Fault.Refused, $"{Kept} in the data directory, which was applied last, cannot be read: {string.Join("; ", problems)}");
    }
}
