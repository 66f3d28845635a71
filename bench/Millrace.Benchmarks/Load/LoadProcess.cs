using System.Diagnostics;
using System.Text.Json;
using Millrace.Contracts;

namespace Millrace.Benchmarks.Load;

/// <summary>The parent's end of a load generator.</summary>
internal sealed class LoadProcess : IAsyncDisposable
{
    private readonly Process _process;

    private LoadProcess(LoadOptions options) =>
        _process = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!, [typeof(LoadProcess).Assembly.Location, .. LoadCommand.Words(options)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    /// <summary>Ends when all connections stand and nothing is published yet.</summary>
    public static async Task<LoadProcess> ConnectAsync(LoadOptions options, CancellationToken stop)
    {
        var process = new LoadProcess(options);
        try
        {
            await process.UntilAsync(LoadLine.Ready, static _ => { }, stop);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Publishes. Ends with the last answer and the last delivery.</summary>
    public async Task<LoadLine> PublishAsync(Action<long> progress, CancellationToken stop)
    {
        await _process.StandardInput.WriteLineAsync("go".AsMemory(), stop);
        await _process.StandardInput.FlushAsync(stop);
        return await UntilAsync(LoadLine.Done, progress, stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task<LoadLine> UntilAsync(string wanted, Action<long> progress, CancellationToken stop)
    {
        while (await _process.StandardOutput.ReadLineAsync(stop) is { } text)
        {
            var line = JsonSerializer.Deserialize(text, BenchmarkJson.Line.LoadLine)!;
            if (line.Event == LoadLine.Refused) throw new FaultException(Fault.Refused, line.Reason!);
            if (line.Event == LoadLine.Failed) throw new FaultException(Fault.Unavailable, $"The load generator gave up: {line.Reason}");
            progress(line.Acknowledged);
            if (line.Event == wanted) return line;
        }

        throw new FaultException(Fault.Unavailable, "The load generator ended without a word.");
    }
}
