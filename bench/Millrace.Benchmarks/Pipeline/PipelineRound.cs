using System.Diagnostics;
using Millrace.Benchmarks.Load;
using Millrace.Benchmarks.Measuring;
using Millrace.Benchmarks.Reports;
using Millrace.Benchmarks.Stacks;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Pipeline;

/// <summary>One round: one load on one fresh stack, from its start to its end.</summary>
internal sealed class PipelineRound(StackKind kind, LoadShape shape, PipelineOptions options, Action<long> progress)
{
    private readonly WallClock _clock = new();
    private long _published;

    /// <summary>PUBACKs of a whole round, for a progress bar.</summary>
    public static long Messages(PipelineOptions options) =>
        options.WarmUp + options.Messages + (long)(options.Rate * options.Steady.TotalSeconds);

    public async Task<RoundResult> RunAsync(CancellationToken stop)
    {
        await using var stack = await kind.StartAsync(stop);
        try
        {
            return await MeasureAsync(stack, stop);
        }
        catch (FaultException e) when (!stack.Processes.Any(static p => p.HasStopped))
        {
            foreach (var process in stack.Processes) await process.ThrowIfExitsSoonAsync();
            throw new FaultException(e.Fault, string.Join('\n', stack.Processes.Select(static p => p.LastLines).Prepend(e.Message)), e);
        }
    }

    private async Task<RoundResult> MeasureAsync(IStack stack, CancellationToken stop)
    {
        if (options.WarmUp > 0) await PublishAsync(stack, options.WarmUp, rate: 0, prober: null, stop);

        var full = await PublishAsync(stack, options.Messages, rate: 0, prober: null, stop);
        var steady = options.Steady > TimeSpan.Zero && stack.Table is not null ? await HoldAsync(stack, stop) : null;
        var bytes = await stack.StopAsync();

        return new RoundResult
        {
            MessagesPerSecondToPuback = options.Messages / full.Load.Seconds,
            MessagesPerSecondToQueryable = stack.Table is null ? null : options.Messages / full.Seconds,
            Cpu = full.Cpu,
            Puback = full.Load.Puback!,
            GeneratorCpuPerMillion = full.Load.CpuSeconds / options.Messages * 1e6,
            Steady = steady,
            BytesPerMessage = bytes.ToDictionary(static b => b.Key, b => (double)b.Value / _published),
        };
    }

    private async Task<SteadyResult> HoldAsync(IStack stack, CancellationToken stop)
    {
        var messages = (int)(options.Rate * options.Steady.TotalSeconds);
        var prober = new Prober(stack.Table!, shape.Connections, _clock);
        var phase = await PublishAsync(stack, messages, options.Rate, prober, stop);
        return new SteadyResult
        {
            Rate = options.Rate,
            ReachedRate = messages / phase.Load.Seconds,
            Cpu = phase.Cpu,
            Puback = phase.Load.Puback!,
            Queryable = prober.Ages,
            Probed = prober.Messages,
        };
    }

    private async Task<Phase> PublishAsync(IStack stack, int messages, int rate, Prober? prober, CancellationToken stop)
    {
        var load = new LoadOptions { Connect = stack.Mqtt, Shape = shape, Messages = messages, Rate = rate };
        await using var generator = await LoadProcess.ConnectAsync(load, stop);
        var before = _published;
        var cpu = CpuClock.Read(stack.Processes);
        var started = Stopwatch.GetTimestamp();

        using var probing = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var probes = prober?.RunAsync(probing.Token) ?? Task.CompletedTask;
        try
        {
            var line = await generator.PublishAsync(n => progress(before + n), stop);
            _published += messages;
            if (stack.Table is not null) await RowWait.UntilAsync(stack.Table, _published, stop);
            return new Phase(line, Stopwatch.GetElapsedTime(started).TotalSeconds, CpuClock.Read(stack.Processes).Since(cpu, messages));
        }
        finally
        {
            await probing.CancelAsync();
            await probes;
        }
    }

    /// <param name="Load">What the load generator saw.</param>
    /// <param name="Seconds">First publish to last row queryable.</param>
    /// <param name="Cpu">Of the stack, in that time.</param>
    private sealed record Phase(LoadLine Load, double Seconds, CpuUse Cpu);
}
