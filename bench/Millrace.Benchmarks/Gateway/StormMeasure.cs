using Millrace.Benchmarks.Load;
using Millrace.Benchmarks.Measuring;
using Millrace.Benchmarks.Reports;

namespace Millrace.Benchmarks.Gateway;

/// <summary>Clients that connect and leave again, as after an outage.</summary>
internal sealed class StormMeasure(int connections, int atOnce) : IMeasure
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(100);

    public string Unit => "CPU ms per 1,000 connections";

    public bool NeedsFreshBroker => false;

    public long Steps => connections;

    public Task WarmUpAsync(BrokerRun broker, CancellationToken stop) => ConnectAsync(broker, Math.Max(1, connections / 4), static _ => { }, stop);

    public async Task<GatewayFigures> RunAsync(BrokerRun broker, Action<long> progress, CancellationToken stop)
    {
        var (line, cpu) = await ConnectAsync(broker, connections, progress, stop);
        return new GatewayFigures
        {
            PerSecond = connections / line.Seconds,
            Cost = cpu.PerMillion, // seconds for a million are milliseconds for a thousand
            Cpu = cpu.Parts,
            Wait = line.Puback,
            GeneratorCpuPerMillion = line.CpuSeconds / connections * 1e6,
        };
    }

    private async Task<(LoadLine Line, CpuUse Cpu)> ConnectAsync(BrokerRun broker, int count, Action<long> progress, CancellationToken stop)
    {
        var load = new LoadOptions { Connect = broker.Broker.Mqtt, Shape = new LoadShape(atOnce, 1), Messages = count, Storm = true };
        await using var generator = await LoadProcess.ConnectAsync(load, stop);
        var before = CpuClock.Read([broker.Broker.Process]);
        var line = await generator.PublishAsync(progress, stop);
        await Task.Delay(Settle, stop);
        return (line, CpuClock.Read([broker.Broker.Process]).Since(before, count));
    }
}
