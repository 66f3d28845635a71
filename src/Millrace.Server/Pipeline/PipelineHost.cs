using Millrace.Contracts;
using Millrace.Flows;
using Millrace.Flows.Options;
using Millrace.Flows.Running;
using Millrace.Server.Connections;
using Millrace.Storage.Files;
using Millrace.Storage.Log;
using Millrace.Storage.Series;

namespace Millrace.Server.Pipeline;

/// <summary>Makes the server what a pipeline file says, and keeps the file.</summary>
internal sealed class PipelineHost(IDisk disk, Catalog catalog, FlowHost flows, FleetHost fleets, SeriesStore series, LogStore logs)
{
    private const string Kept = "pipeline.yaml";

    private readonly SemaphoreSlim _applying = new(1);

    public PipelineFile Current { get; private set; } = PipelineFile.Empty;

    /// <summary>Starts what the file of the last time says, changed to what <paramref name="given"/> says.</summary>
    public async Task StartAsync(PipelineSource? given)
    {
        var before = Read();
        await ApplyAsync(given ?? before ?? new PipelineSource(PipelineFile.Empty, []), before?.File ?? PipelineFile.Empty);
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

    private async Task<PipelineDiff> ApplyAsync(PipelineSource pipeline, PipelineFile before)
    {
        var after = pipeline.File;
        var diff = PipelineDiff.Between(before, after);
        foreach (var stream in after.Streams) logs.GetOrCreate(stream.Name, stream.Partitions).Keep(new LogRetention(stream.Retention));
        foreach (var table in after.Tables) series.Declare(table.Name, table.ToOptions());

        // All plans are made before the first flow is touched: a file that cannot be planned changes nothing.
        // A flow that has failed is started again: whoever applies the file has put right what it failed on.
        var running = flows.Statuses.Where(static flow => flow.State != FlowState.Failed).Select(static flow => flow.Name).ToHashSet(StringComparer.Ordinal);
        var plans = after.Flows.Where(flow => diff.Flows.Changed.Contains(flow.Name) || !running.Contains(flow.Name)).Select(catalog.Plan).ToArray();
        flows.Expect(after.Flows.Where(static flow => flow.Source is IngressSource).Select(static flow => flow.Name));
        foreach (var gone in before.Flows.Where(old => !after.Flows.Any(now => now.Name == old.Name && now.Source == old.Source)))
            await RemoveAsync(gone, before);
        foreach (var plan in plans) await flows.StartAsync(plan);
        await fleets.ApplyAsync(after.Fleets);
        AtomicFile.Write(disk, Kept, pipeline.Text);
        Current = after;
        return diff;
    }

    /// <summary>Positions are those of one source: a flow that reads another one from now on is another flow.</summary>
    private async Task RemoveAsync(FlowOptions flow, PipelineFile declared)
    {
        var partitions = flow.Source is StreamSource stream
            ? declared.Streams.FirstOrDefault(known => known.Name == stream.Name)?.Partitions ?? 1
            : catalog.Ingress.Partitions.Count;
        await flows.RemoveAsync(flow.Name, partitions);
        var known = FlowHost.KeysOf(flow.Name, partitions).Count(series.Forget);

        // The tables' files hold the positions of flows: without this, a crash would bring the old ones back.
        if (known > 0) await series.MoveAsync(CancellationToken.None);
    }

    private PipelineSource? Read()
    {
        if (AtomicFile.Read(disk, Kept) is not { } text) return null;
        return PipelineReader.TryRead(text, out var file, out var problems)
            ? new PipelineSource(file, text)
            : throw new FaultException(Fault.Refused, $"{Kept} in the data directory, which was applied last, cannot be read: {string.Join("; ", problems)}");
    }
}
