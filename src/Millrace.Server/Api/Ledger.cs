using Millrace.Flows.Running;
using Millrace.Flows.Windows;
using Millrace.Gateway.Counting;
using Millrace.Storage.Log;

namespace Millrace.Server.Api;

/// <summary>Puts the loss ledger together from those who count.</summary>
internal sealed class Ledger(GatewayCounters gateway, RecordLog ingress, FlowHost flows, WindowRegistry windows)
{
    public LedgerAnswer Read()
    {
        var lines = flows.Statuses.Select(LineOf).ToArray();
        var counts = Gateway();
        return new LedgerAnswer(
            counts.Balanced && lines.All(static line => line.Balanced),
            counts,
            new LedgerLog(
                ingress.Partitions.Sum(static p => p.End),
                ingress.Partitions.Sum(static p => p.End - p.Start),
                ingress.Partitions.Sum(static p => p.Stats.BytesOnDisk),
                flows.RuleNotFound),
            lines,
            windows.Statuses);
    }

    /// <summary>Of each flow that runs.</summary>
    public IReadOnlyList<(string Flow, Latency Latency)> Latencies() => [.. flows.Statuses.Select(static flow => (flow.Name, flow.Latency))];

    private LedgerGateway Gateway()
    {
        var now = gateway.Snapshot();
        return new LedgerGateway(
            now.Received, now.Acknowledged, now.Accepted, now.Refused, now.WaitingForCommit, now.Connections,
            now.Received == now.Acknowledged + now.Accepted + now.Refused + now.WaitingForCommit);
    }

    private static LedgerFlow LineOf(FlowStatus flow)
    {
        var counts = flow.Counts;
        return new LedgerFlow(
            flow.Flow, flow.Name, flow.State.ToString().ToLowerInvariant(), flow.Error, flow.Sink, flow.Target, flow.Lag, flow.LastProgress,
            counts.Examined + flow.WaitingMessages,
            counts.PassedOver,
            counts.Overtaken,
            new LedgerCounts(
                flow.MatchedMessages, counts.Stored, counts.Absorbed, counts.Rejected, counts.DeadLettered, flow.WaitingMessages),
            new LedgerCounts(
                flow.Records,
                counts.RecordsStored,
                counts.RecordsAbsorbed,
                counts.RecordsRejected,
                counts.RecordsDeadLettered,
                flow.WaitingRecords),
            counts.OnTopic,
            counts.Fired,
            counts.Rejected + counts.DeadLettered,
            LatencyOf(flow.Latency),
            flow.Balanced);
    }

    private static LedgerLatency LatencyOf(Latency latency)
    {
        var records = latency.Count;
        return new LedgerLatency(
            records, records == 0 ? null : latency.Sum.TotalMilliseconds / records, latency.Quantile(0.5), latency.Quantile(0.99));
    }
}
