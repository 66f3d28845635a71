using System.Globalization;
using Millrace.Server.Streams;
using Millrace.Storage.Log;

namespace Millrace.Server.Api;

/// <summary>Metrics of streams' consumers, and of damaged logs.</summary>
internal static class StreamMetrics
{
    public static IEnumerable<LogDamage> Damages(LogStore logs) => logs.Logs.SelectMany(static log => log.Partitions).SelectMany(static one => one.Damages);

    public static void Write(PrometheusText text, StreamHost streams, ConsumerStore consumers, LogStore logs, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var lags = (
            from stream in streams.List()
            from consumer in consumers.Of(stream.Options.Name)
            from lag in ConsumerLag.Of(stream, consumer.Consumer, now)
            select (Lag: lag, Labels: new[] { ("stream", stream.Options.Name), ("consumer", consumer.Name), ("partition", lag.Partition.ToString(CultureInfo.InvariantCulture)) })).ToArray();
        foreach (var (lag, labels) in lags) text.Gauge("millrace_stream_consumer_lag_records", "Records that a consumer has not done", lag.Records, labels);
        foreach (var (lag, labels) in lags) text.Gauge("millrace_stream_consumer_lag_bytes", "About what they take on disk", lag.Bytes, labels);
        foreach (var (lag, labels) in lags) text.Gauge("millrace_stream_consumer_behind_milliseconds", "How long the first of them has been there", lag.Millis, labels);
        foreach (var (lag, labels) in lags)
            text.Gauge(
                "millrace_stream_consumer_last_progress_timestamp_seconds", "When a consumer's position was set last, Unix time; 0 for never",
                (lag.Progress?.ToUnixTimeMilliseconds() ?? 0) / 1000.0, labels);
        var damages = Damages(logs).ToArray();
        text.Gauge("millrace_log_damaged_records", "Records found damaged since the start, where readers stop", damages.Where(static one => !one.Skipped).Sum(static one => one.To - one.From));
        text.Gauge("millrace_log_skipped_records", "Damaged records that readers pass over, as an operator asked for", damages.Where(static one => one.Skipped).Sum(static one => one.To - one.From));
    }
}
