using Millrace.Server.Live;

namespace Millrace.Server.Api;

/// <summary><c>GET /api/v1/live</c>, a WebSocket.</summary>
internal static class LiveApi
{
    private const int MaxViews = 64;

    public static void MapLive(this IEndpointRouteBuilder routes, LiveStats stats, SeriesWatches watches, CancellationToken stopping)
    {
        var views = 0;
        routes.MapGet("/api/v1/live", async Task<IResult> (HttpContext context) =>
            {
                if (!context.WebSockets.IsWebSocketRequest)
                    return Results.Json(new ErrorAnswer(new ApiError("this is a WebSocket: connect with ws://")), Answers.Default.ErrorAnswer, statusCode: 426);
                if (Interlocked.Increment(ref views) > MaxViews)
                {
                    Interlocked.Decrement(ref views);
                    return Results.Json(
                        new ErrorAnswer(new ApiError($"{MaxViews} live views are open; close one", Kind: "busy")), Answers.Default.ErrorAnswer, statusCode: 503);
                }

                try
                {
                    using var socket = await context.WebSockets.AcceptWebSocketAsync();
                    using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
                    await new LiveConnection(socket, stats, watches).RunAsync(stop.Token);
                }
                finally
                {
                    Interlocked.Decrement(ref views);
                }

                return Results.Empty;
            })
            .WithSummary("A WebSocket that sends the counts, the newest message and the points of watched series as they come");
    }
}
