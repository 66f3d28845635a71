using System.Globalization;
using Millrace.Benchmarks.Load;
using Millrace.Benchmarks.Reports;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Gateway;

/// <summary>Connections that stand and say nothing: by how much the broker's resident memory grows for each. The kernel's share is not in it.</summary>
internal sealed class IdleMeasure(int connections) : IMeasure
{
    // Until buffers of the handshake are given back and nothing grows any more.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);
    private static readonly LoadShape AtOnce = new(50, 1);

    public string Unit => "KB of memory per idle connection";

    public bool NeedsFreshBroker => true;

    public long Steps => 1;

    /// <summary>A thousand that are gone again: what a broker holds once, for the first clients, is not theirs.</summary>
    public async Task WarmUpAsync(BrokerRun broker, CancellationToken stop)
    {
        var load = new LoadOptions { Connect = broker.Broker.Mqtt, Shape = AtOnce, Messages = 1000, Storm = true };
        await using var generator = await LoadProcess.ConnectAsync(load, stop);
        await generator.PublishAsync(static _ => { }, stop);
    }

    public async Task<GatewayFigures> RunAsync(BrokerRun broker, Action<long> progress, CancellationToken stop)
    {
        await Task.Delay(Settle, stop);
        var before = ResidentKb(broker.Broker.Process.Id);
        var load = new LoadOptions { Connect = broker.Broker.Mqtt, Shape = new LoadShape(connections, 1), Messages = 1 };
        await using var generator = await LoadProcess.ConnectAsync(load, stop);
        await Task.Delay(Settle, stop);
        broker.Broker.Process.ThrowIfExited();
        progress(1);
        return new GatewayFigures { Cost = (ResidentKb(broker.Broker.Process.Id) - before) / (double)connections };
    }

    private static long ResidentKb(int process)
    {
        const string name = "VmRSS:";
        var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(static l => l.StartsWith(name, StringComparison.Ordinal))
            ?? throw new FaultException(Fault.Unreadable, $"/proc/{process}/status has no {name}");
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
