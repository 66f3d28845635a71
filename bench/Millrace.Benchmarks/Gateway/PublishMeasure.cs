using System.Globalization;
using Millrace.Benchmarks.Load;
using Millrace.Benchmarks.Measuring;
using Millrace.Benchmarks.Reports;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Gateway;

/// <summary>Messages that are published, and delivered where somebody subscribed.</summary>
internal sealed class PublishMeasure(LoadShape shape, int qos, LoadSubscription? subscription, GatewayOptions options) : IMeasure
{
    // What a broker puts off (a write to disk, a flush) is its cost too.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(100);

    // A round of messages is a round of deliveries: one that is sent to a thousand counts a thousand times.
    private readonly int _weight = Math.Max(1, subscription?.Deliveries ?? 1);

    public string Unit => _weight > 1 ? "CPU s per million deliveries" : "CPU s per million messages";

    public bool NeedsFreshBroker => false;

    public long Steps => Math.Max(1, options.Messages / _weight);

    public Task WarmUpAsync(BrokerRun broker, CancellationToken stop) =>
        PublishAsync(broker, Math.Max(1, options.WarmUp / _weight), static _ => { }, stop);

    public async Task<GatewayFigures> RunAsync(BrokerRun broker, Action<long> progress, CancellationToken stop)
    {
        var (line, cpu) = await PublishAsync(broker, (int)Steps, progress, stop);
        var count = Steps * _weight;
        return new GatewayFigures
        {
            PerSecond = count / line.Seconds,
            Cost = cpu.PerMillion,
            Cpu = cpu.Parts,
            Wait = line.Delivery ?? line.Puback,
            GeneratorCpuPerMillion = line.CpuSeconds / count * 1e6,
        };
    }

    private async Task<(LoadLine Line, CpuUse Cpu)> PublishAsync(BrokerRun broker, int messages, Action<long> progress, CancellationToken stop)
    {
        var load = new LoadOptions
        {
            Connect = broker.Broker.Mqtt,
            Shape = shape,
            Messages = messages,
            Qos = qos,
            Subscription = subscription,
            Certificate = broker.Certificate,
        };
        await using var generator = await LoadProcess.ConnectAsync(load, stop);
        var before = CpuClock.Read([broker.Broker.Process]);
        var line = await generator.PublishAsync(progress, stop);
        await Task.Delay(Settle, stop);
        var cpu = CpuClock.Read([broker.Broker.Process]).Since(before, (long)messages * _weight);
        broker.Published += messages;

        // Every other acknowledgement is a promise, and deliveries are counted. With QoS 0 a broker may drop, which must not make it fast.
        if (qos == 0 && subscription is null) await CheckTakenAsync(broker, stop);
        return (line, cpu);
    }

    private static async Task CheckTakenAsync(BrokerRun broker, CancellationToken stop)
    {
        var taken = await broker.Broker.TakenAsync(broker.Published, stop);
        if (taken == broker.Published) return;
        throw new FaultException(Fault.Corrupt, string.Create(
            CultureInfo.InvariantCulture,
            $"{broker.Name} took {taken:N0} of {broker.Published:N0} messages with QoS 0: what it dropped must not count as speed"));
    }
}
