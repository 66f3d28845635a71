using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Millrace.SystemTests.Connectors;

/// <summary>A web server that keeps what is posted to it, as long as it is in the mood.</summary>
public sealed class HttpReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, string Body)> _taken = new();
    private WebApplication? _app;
    private int _turned;

    public int Port { get; } = MillraceProcess.FreePort();

    /// <summary>What it answers with; 0: it never does.</summary>
    public int Status { get; set; } = 200;

    /// <summary>Bodies that it answered 200 to, in the order in which they came.</summary>
    public IReadOnlyList<string> Bodies => [.. _taken.Select(static one => one.Body)];

    public IReadOnlyList<(string Path, string Body)> Taken => [.. _taken];

    /// <summary>How many requests it gave another answer, or none.</summary>
    public int Turned => _turned;

    public static async Task<HttpReceiver> StartAsync()
    {
        var receiver = new HttpReceiver();
        await receiver.ComeBackAsync();
        return receiver;
    }

    public async Task ComeBackAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{Port}");
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);
        _app = builder.Build();
        _app.Run(TakeAsync);
        await _app.StartAsync();
    }

    public async Task GoAwayAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app!.StopAsync(now.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await GoAwayAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var status = Status;
        if (status != 200) Interlocked.Increment(ref _turned);
        else _taken.Enqueue((context.Request.Path, body));
        if (status == 0) await Task.Delay(Timeout.Infinite, context.RequestAborted);
        context.Response.StatusCode = status;
        await context.Response.WriteAsync($"{status} from the receiver", context.RequestAborted);
    }
}
