using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Benchmarks.Load;
using Millrace.Benchmarks.Reports;
using Millrace.Benchmarks.Stacks;
using Millrace.Contracts;
using Millrace.Contracts.Devices;
using Millrace.Contracts.Documents;
using Millrace.Contracts.Log;
using Millrace.Gateway;
using Millrace.Storage.Documents;
using Millrace.Storage.Files;
using Millrace.Storage.Log;

namespace Millrace.Benchmarks.Gateway;

/// <summary>
/// What one message allocates from its packet to its PUBACK and its subscriber: connection, broker and log on a real disk, in this process, without network.
/// </summary>
internal sealed class AllocationMeasure : IAsyncDisposable
{
    private const double Allowed = 1;

    // Nearly what one connection may have in flight.
    private const int Window = 1000;

    // Their median counts: a buffer that grows once is no allocation per message.
    private const int Slices = 10;

    // QoS 0 does not wait for the disk; what waits for it is kept as small here as devices keep it.
    private const int MostUncommitted = 2500;
    private const int WaitMs = 1;
    private const string Everything = "#";

    // Code that is not optimized yet allocates where the optimized does not, and optimizing waits for a quiet moment.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly AutoResetEvent _signal = new(initialState: false);
    private readonly LoadTally _tally = new();
    private readonly TimeText _time = new();
    private readonly Broker _broker;
    private readonly ILogPartition _partition;
    private readonly Publisher _publisher;
    private readonly LinkedClient _publishing;
    private readonly Subscriber? _subscriber;
    private readonly LinkedClient? _subscribed;
    private readonly long _before;

    private AllocationMeasure(IRecordLog log, IDocumentStore documents, int qos, bool hasSubscriber)
    {
        _broker = new Broker(log, documents, AnonymousAccess.Instance, new BrokerOptions(), TimeProvider.System, NullLogger.Instance);
        _partition = log.Partitions[0];
        _before = _partition.End;
        _publisher = new Publisher(0, Window, qos, _tally);
        _publishing = new LinkedClient(_broker, _publisher, _signal);
        if (!hasSubscriber) return;
        _subscriber = new Subscriber(0, new LoadSubscription(1, Everything, qos), _tally);
        _subscribed = new LinkedClient(_broker, _subscriber, _signal);
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

    public async ValueTask DisposeAsync()
    {
        _publishing.Dispose();
        _subscribed?.Dispose();
        await _broker.DisposeAsync();
        _signal.Dispose();
    }

    private static async Task<double> MeasureAsync(GatewayOptions options, int qos, bool hasSubscriber, CancellationToken stop)
    {
        using var scratch = new ScratchDirectory(options.Data);
        var disk = new FileDisk(scratch.Path);
        await using var logs = LogStore.Open(disk, new LogOptions(), TimeProvider.System, NullLogger.Instance);
        await using var documents = DocumentStore.Open(disk, TimeProvider.System, NullLogger.Instance);
        await using var path = new AllocationMeasure(logs.GetOrCreate("ingress", partitions: 1), documents, qos, hasSubscriber);
        await path.ConnectAsync(qos, stop);
        var started = Stopwatch.GetTimestamp();
        do path.Publish(options.WarmUp, stop);
        while (Stopwatch.GetElapsedTime(started) < WarmUp);

        var slice = options.Messages / Slices;
        var perMessage = new double?[Slices];
        for (var i = 0; i < Slices; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            path.Publish(slice, stop);
            perMessage[i] = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)slice;
        }

        return Spread.Of(perMessage)!.Value.Median;
    }

    private async Task ConnectAsync(int qos, CancellationToken stop)
    {
        await _publishing.IntroduceAsync([MqttPackets.Connect(_publisher.ClientId)], stop);
        if (_subscribed is null) return;
        await _subscribed.IntroduceAsync([MqttPackets.Connect(_subscriber!.ClientId), MqttPackets.Subscribe(Everything, qos)], stop);
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
            var moved = _publishing.Pump();
            if (_subscribed is not null) moved |= _subscribed.Pump();
            if (!moved) _signal.WaitOne(WaitMs);
            if (now - Math.Max(_tally.LastNs, startNs) > Patience.TotalNanoseconds) throw Silent(target);
        }
    }

    private FaultException Silent(long target) =>
        new(Fault.Unavailable, $"allocations: nothing came for {Patience.TotalSeconds} s: {_tally.Acknowledged:N0} of {target:N0} messages are acknowledged");
}
