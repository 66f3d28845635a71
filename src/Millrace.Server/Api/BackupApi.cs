using System.Text.Json;
using Millrace.Contracts;
using Millrace.Storage.Backup;

namespace Millrace.Server.Api;

/// <summary><c>POST /api/v1/backup</c>: an image of the data directory, held for as long as the client listens.</summary>
/// <remarks>No content of a file is sent: who copies them must be allowed to read them, so secrets do not go to whoever reaches this address.</remarks>
internal static class BackupApi
{
    /// <param name="routes">Of the console and the API.</param>
    /// <param name="data">The data directory, absolute.</param>
    /// <param name="take">Makes an image.</param>
    /// <param name="clock">For the answer.</param>
    /// <param name="stopping">The server ends.</param>
    public static void MapBackup(this IEndpointRouteBuilder routes, string data, Func<Task<BackupImage>> take, TimeProvider clock, CancellationToken stopping)
    {
        var busy = new SemaphoreSlim(1);
        routes.MapPost("/api/v1/backup", async (HttpContext http) =>
        {
            if (!await busy.WaitAsync(TimeSpan.Zero, CancellationToken.None))
            {
                await QueryApi.RefuseAsync(http, StatusCodes.Status409Conflict, new ApiError("another backup is under way; try again when it is done", Kind: "refused"));
                return;
            }

            try
            {
                var taken = clock.GetUtcNow();
                using var image = await take();
                await HoldAsync(http, new BackupAnswer(data, Path.Combine(data, image.Directory), taken, image.RemoteFiles, image.Files), stopping);
            }
            catch (FaultException refused)
            {
                await QueryApi.RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, new ApiError(refused.Message, Kind: "unavailable"));
            }
            finally
            {
                busy.Release();
            }
        }).WithSummary("An image of the data directory for millrace backup: the files' names and lengths as one line of JSON; they are there until the client closes the connection");
    }

    private static async Task HoldAsync(HttpContext http, BackupAnswer answer, CancellationToken stopping)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        try
        {
            http.Response.ContentType = "application/x-ndjson";
            await JsonSerializer.SerializeAsync(http.Response.Body, answer, Answers.Default.BackupAnswer, ends.Token);
            await http.Response.Body.WriteAsync("\n"u8.ToArray(), ends.Token);
            await http.Response.Body.FlushAsync(ends.Token);
            await Task.Delay(Timeout.InfiniteTimeSpan, ends.Token);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The client has all it wanted, or is gone, or the server is going.
        }
    }
}
