using Millrace.Flows.Metrics;
using Millrace.Flows.Running;
using Millrace.Gateway;
using Millrace.Storage.Log;
using Millrace.Storage.Series;

namespace Millrace.Server.Api;

/// <summary><c>GET /metrics</c>, for Prometheus.</summary>
internal static class MetricsApi
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static void MapMetrics(
        this IEndpointRouteBuilder routes, Ledger ledger, Broker broker, LogStore logs, SeriesStore series, RuleMetrics metrics, Action<PrometheusText> streams) =>
        routes.MapGet("/metrics", () =>
            {
                var text = new PrometheusText();
                var page = ledger.Read();
                text.Gauge("millrace_ledger_balanced", "1 while every line of the loss ledger adds up", page.Balanced ? 1 : 0);
                Gateway(text, page.Gateway);
                GatewayMetrics.Write(text, broker.Counters.Snapshot(), broker.ReadState(), broker.Counters.Listeners());
                text.Counter(
                    "millrace_rule_not_found_messages_total", "Messages of Basic Ingest that named a flow that was not there, from the first day",
                    page.Log.RuleNotFound);
                Flows(text, page.Flows);
                Rules(text, page.Flows, ledger.Latencies());
                WindowsApi.Write(text, page.Windows);
                Rules(text, metrics.Read());
                Logs(text, logs);
                streams(text);
                Series(text, series.Stats);
                Process(text);
                return Results.Text(text.ToString(), ContentType);
            })
            .WithSummary("All counters and gauges, in Prometheus' text format");

    private static void Gateway(PrometheusText text, LedgerGateway gateway)
    {
        const string messages = "millrace_gateway_messages_total";
        const string help = "Messages published to the gateway since the start; received = acknowledged + accepted + refused + waiting";
        text.Counter(messages, help, gateway.Received, ("outcome", "received"));
        text.Counter(messages, help, gateway.Acknowledged, ("outcome", "acknowledged"));
        text.Counter(messages, help, gateway.Accepted, ("outcome", "accepted"));
        text.Counter(messages, help, gateway.Refused, ("outcome", "refused"));
        text.Gauge("millrace_gateway_waiting", "QoS 1 messages that are not on disk yet", gateway.Waiting);
        text.Gauge("millrace_gateway_connections", "Open MQTT connections", gateway.Connections);
    }

    private static void Flows(PrometheusText text, IReadOnlyList<LedgerFlow> flows)
    {
        foreach (var (unit, counts) in new (string, Func<LedgerFlow, LedgerCounts>)[] { ("messages", static f => f.Messages), ("records", static f => f.Records) })
        {
            foreach (var flow in flows)
            {
                var name = $"millrace_flow_{unit}_total";
                const string help = "What became of what a flow matched, from its first day; matched = stored + absorbed + rejected + dead_lettered + waiting";
                var of = counts(flow);
                text.Counter(name, help, of.Matched, ("flow", flow.Name), ("outcome", "matched"));
                text.Counter(name, help, of.Stored, ("flow", flow.Name), ("outcome", "stored"));
                text.Counter(name, help, of.Absorbed, ("flow", flow.Name), ("outcome", "absorbed"));
                text.Counter(name, help, of.Rejected, ("flow", flow.Name), ("outcome", "rejected"));
                text.Counter(name, help, of.DeadLettered, ("flow", flow.Name), ("outcome", "dead_lettered"));
            }

            foreach (var flow in flows)
                text.Gauge($"millrace_flow_waiting_{unit}", "Matched, and still on their way", counts(flow).Waiting, ("flow", flow.Name));
        }

        foreach (var flow in flows) text.Gauge("millrace_flow_lag_records", "Records of its source that a flow has not looked at", flow.Lag, ("flow", flow.Name));
        foreach (var flow in flows)
            text.Counter(
                "millrace_flow_overtaken_messages_total", "Messages that the retention of a flow's source deleted before the flow looked at them",
                flow.Overtaken, ("flow", flow.Name));
        foreach (var flow in flows)
            text.Gauge(
                "millrace_flow_last_progress_timestamp_seconds", "When a flow last finished a batch, Unix time; 0 for never",
                (flow.LastProgress?.ToUnixTimeMilliseconds() ?? 0) / 1000.0, ("flow", flow.Name));
        foreach (var flow in flows.Where(static flow => flow.State != "stopped"))
            text.Gauge(
                "millrace_flow_running", "1 while a flow runs; 0 while it retries or has failed", flow.State == "running" ? 1 : 0, ("flow", flow.Name));
    }

    private static void Rules(PrometheusText text, IReadOnlyList<MetricValue> values)
    {
        foreach (var value in values) text.Gauge("millrace_rule_metric_sum", "Sum of the values that rules gave this metric since the start", value.Sum, Labels(value));
        foreach (var value in values) text.Counter("millrace_rule_metric_count", "Values that rules gave this metric since the start", value.Count, Labels(value));
        foreach (var value in values) text.Gauge("millrace_rule_metric_last", "The value of this metric with the latest time", value.Last, Labels(value));

        static (string, string)[] Labels(MetricValue value) => [("namespace", value.Name.Namespace), ("name", value.Name.Name), ("unit", value.Name.Unit)];
    }

    private static void Rules(PrometheusText text, IReadOnlyList<LedgerFlow> flows, IReadOnlyList<(string Flow, Latency Latency)> latencies)
    {
        foreach (var flow in flows)
        {
            const string name = "millrace_rule_messages_total";
            const string help = "What a rule did with messages, from its first day: on_topic (AWS: TopicMatch), fired (WHERE was true), failed (AWS: Failure)";
            text.Counter(name, help, flow.OnTopic, ("flow", flow.Name), ("outcome", "on_topic"));
            text.Counter(name, help, flow.Fired, ("flow", flow.Name), ("outcome", "fired"));
            text.Counter(name, help, flow.Failed, ("flow", flow.Name), ("outcome", "failed"));
        }

        foreach (var (flow, latency) in latencies)
            text.Histogram(
                "millrace_rule_latency_seconds", "From the arrival of a message to when its destination had what became of it, since the start",
                [.. Latency.Bounds.Select(static ms => ms / 1000)], latency.Buckets, latency.Sum.TotalSeconds, ("flow", flow));
    }

    private static void Logs(PrometheusText text, LogStore logs)
    {
        text.Gauge("millrace_log_healthy", "1 while the log can be written", logs.Health.Healthy ? 1 : 0);
        text.Gauge("millrace_disk_free_bytes", "Space left for the data directory", logs.FreeBytes);
        var partitions = logs.Logs
            .SelectMany(static log => log.Partitions.Select(partition => (Labels: new[] { ("log", log.Name), ("partition", $"{partition.Index}") }, partition.Stats)))
            .ToArray();
        foreach (var p in partitions) text.Counter("millrace_log_records_total", "Records committed since the start", p.Stats.AppendedRecords, p.Labels);
        foreach (var p in partitions) text.Counter("millrace_log_bytes_total", "Bytes committed since the start", p.Stats.AppendedBytes, p.Labels);
        foreach (var p in partitions) text.Counter("millrace_log_commits_total", "Commits since the start, each one sync", p.Stats.Commits, p.Labels);
        foreach (var p in partitions)
            text.Counter("millrace_log_sync_seconds_total", "Time spent in syncs", p.Stats.SyncTime.TotalSeconds, p.Labels);
        foreach (var p in partitions) text.Gauge("millrace_log_disk_bytes", "Bytes on disk", p.Stats.BytesOnDisk, p.Labels);
        foreach (var p in partitions) text.Gauge("millrace_log_pending_bytes", "Bytes that wait for a commit", p.Stats.PendingBytes, p.Labels);
        foreach (var p in partitions) text.Gauge("millrace_log_end_offset", "Records ever appended", p.Stats.End, p.Labels);
    }

    private static void Series(PrometheusText text, SeriesStats series)
    {
        text.Gauge("millrace_series_hot_rows", "Rows in memory", series.HotRows);
        text.Gauge("millrace_series_cold_rows", "Rows in files", series.ColdRows);
        text.Gauge("millrace_series_files", "Files of cold rows", series.Files);
        text.Gauge("millrace_series_disk_bytes", "Bytes of these files", series.BytesOnDisk);
        text.Gauge("millrace_series_known", "Series known", series.Series);
    }

    private static void Process(PrometheusText text)
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        text.Counter("process_cpu_seconds_total", "User and system time", process.TotalProcessorTime.TotalSeconds);
        text.Gauge("process_resident_memory_bytes", "Resident memory", process.WorkingSet64);
        text.Gauge("process_start_time_seconds", "Unix time", new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1000.0);
        text.Gauge("dotnet_gc_heap_bytes", "Managed heap", GC.GetTotalMemory(forceFullCollection: false));
    }
}
