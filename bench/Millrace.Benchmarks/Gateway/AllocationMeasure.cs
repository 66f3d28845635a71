using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Benchmarks.Load;
using Millrace.Benchmarks.Reports;
using Millrace.Benchmarks.Stacks;
using Millrace.Contracts;
using Millrace.Contracts.Log;
using Millrace.Gateway;
using Millrace.Storage.Files;
using Millrace.Storage.Log;

namespace Millrace.Benchmarks.Gateway;

/// <summary>
/// What one message allocates from its packet to its PUBACK and its subscriber: connection, broker and log on a real disk, in this process, without network.
/// </summary>
internal sealed class AllocationMeasure : IDisposable
{
    private const double Allowed = 1;
    private const int Window = 500;

    // QoS 0 does not wait for the disk; what waits for it is kept as small here as devices keep it.
    private const int MostUncommitted = 2500;
    private const int WaitMs = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly AutoResetEvent _signal = new(initialState: false);
    private readonly LoadTally _tally = new();
    private readonly TimeText _time = new();
    private readonly Broker _broker;
    private readonly ILogPartition _partition;
    private readonly Publisher _publisher;
    private readonly LinkedClient _publishing;
    private readonly LinkedClient? _subscribed;
    private readonly long _before;

    private AllocationMeasure(IRecordLog log, int qos, bool hasSubscriber)
    {
        _broker = new Broker(log, new BrokerOptions(), TimeProvider.System, NullLogger.Instance);
        _partition = log.Partitions[0];
        _before = _partition.End;
        _publisher = new Publisher(0, Window, qos, _tally);
        _publishing = new LinkedClient(_broker, _publisher, _signal);
        _publishing.Introduce(MqttPackets.Connect(_publisher.ClientId));
        if (!hasSubscriber) return;
        var subscriber = new Subscriber(0, new LoadSubscription(1, "#", qos), _tally);
        _subscribed = new LinkedClient(_broker, subscriber, _signal);
        _subscribed.Introduce(MqttPackets.Connect(subscriber.ClientId), MqttPackets.Subscribe("#", qos));
    }

    /// <exception cref="FaultException">The path does not work, or stands still.</exception>
    public static async Task<IReadOnlyList<AllocationResult>> RunAsync(GatewayOptions options, CancellationToken stop)
    {
        var results = new List<AllocationResult>();
        foreach (var (qos, hasSubscriber) in new[] { (0, false), (1, false), (0, true), (1, true) })
        {
            var title = $"QoS {qos}, {(hasSubscriber ? "one" : "no")} subscriber";
            var bytes = await MeasureAsync(options, qos, hasSubscriber, stop);

            // A progress bar would allocate meanwhile.
            ProgressDisplay.Note(string.Create(CultureInfo.InvariantCulture, $"{GatewayRows.Allocations}: {title}: {bytes:N2} bytes per message"));
            results.Add(new AllocationResult(title, bytes, bytes <= Allowed));
        }

        return results;
    }

    public void Dispose()
    {
        _publishing.Dispose();
        _subscribed?.Dispose();
        _broker.Dispose();
        _signal.Dispose();
    }

    private static async Task<double> MeasureAsync(GatewayOptions options, int qos, bool hasSubscriber, CancellationToken stop)
    {
        using var scratch = new ScratchDirectory(options.Data);
        await using var logs = LogStore.Open(new FileDisk(scratch.Path), new LogOptions(), TimeProvider.System, NullLogger.Instance);
        using var path = new AllocationMeasure(logs.GetOrCreate("ingress", partitions: 1), qos, hasSubscriber);
        path.Publish(options.WarmUp, stop);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        path.Publish(options.Messages, stop);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)options.Messages;
    }

    private void Publish(int count, CancellationToken stop)
    {
        var startNs = _tally.ReadClock();
        var target = _tally.Sent + count;
        var deliveries = _subscribed is null ? 0 : target;
        while (_tally.Acknowledged < target || _tally.Delivered < deliveries || _partition.End - _before < target)
        {
            stop.ThrowIfCancellationRequested();
            var now = _tally.ReadClock();
            var room = _partition.End - _before + MostUncommitted - _tally.Sent;
            for (; room > 0 && _tally.Sent < target && _publisher.HasRoom; room--) _publisher.Publish(now, _time);
            _publisher.EndBatch();
            _publishing.Pump();
            _subscribed?.Pump();
            if (_publisher.Outgoing.Length == 0 && !_publisher.HasRoom) _signal.WaitOne(WaitMs);
            if (now - Math.Max(_tally.LastNs, startNs) > Patience.TotalNanoseconds) throw Silent(target);
        }
    }

    private FaultException Silent(long target) =>
        new(Fault.Unavailable, $"allocations: nothing came for {Patience.TotalSeconds} s: {_tally.Acknowledged:N0} of {target:N0} messages are acknowledged");
}
