using Millrace.Flows.Windows;

namespace Millrace.Server.Api;

/// <summary><c>GET /api/v1/windows</c> and <c>GET /api/v1/windows/{flow}</c>: what flows with GROUP BY hold.</summary>
internal static class WindowsApi
{
    public static void MapWindows(this IEndpointRouteBuilder routes, WindowRegistry windows)
    {
        routes.MapGet("/api/v1/windows", () => new WindowsAnswer(windows.Statuses))
            .WithSummary("Open windows, watermark and late messages of all flows with GROUP BY");
        routes.MapGet("/api/v1/windows/{flow}", (string flow) => windows.Find(flow) is { } status
                ? Results.Json(status, Answers.Default.WindowStatus)
                : Results.Json(new ErrorAnswer(new ApiError($"no flow {flow} with GROUP BY runs", Kind: "notFound")), Answers.Default.ErrorAnswer, statusCode: 404))
            .Produces<WindowStatus>()
            .WithSummary("Open windows, watermark and late messages of a flow with GROUP BY");
    }

    public static void Write(PrometheusText text, IReadOnlyList<WindowStatus> windows)
    {
        foreach (var one in windows) text.Gauge("millrace_windows_open", "Groups in windows that have not ended", one.Open, ("flow", one.Flow));
        foreach (var one in windows) text.Counter("millrace_windows_rows_total", "Rows of windows that ended, from the first day", one.Emitted, ("flow", one.Flow));
        foreach (var one in windows) text.Counter("millrace_windows_late_messages_total", "Messages that came too late for a window, from the first day", one.Late, ("flow", one.Flow));
        foreach (var one in windows)
            text.Counter("millrace_windows_refused_messages_total", "Messages refused because there were too many groups, from the first day", one.NoRoom, ("flow", one.Flow));
        foreach (var one in windows) text.Gauge("millrace_windows_waiting", "Rows and late messages that are not in their log yet", one.Waiting, ("flow", one.Flow));
        foreach (var one in windows) text.Gauge("millrace_windows_snapshot_bytes", "Size of the last snapshot", one.SnapshotBytes, ("flow", one.Flow));
        foreach (var one in windows)
            text.Gauge(
                "millrace_windows_watermark_timestamp_seconds", "What ends up to there has ended, Unix time; 0 before the first row",
                (one.Watermark?.ToUnixTimeMilliseconds() ?? 0) / 1000.0, ("flow", one.Flow));
    }
}
