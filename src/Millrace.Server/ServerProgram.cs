using Millrace.Contracts;
using Millrace.Server.Cli;
using Millrace.Server.Pipeline;

namespace Millrace.Server;

/// <summary>Runs a server until it is told to stop.</summary>
internal static class ServerProgram
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ServerRun run, CancellationToken stop)
    {
        try
        {
            var pipeline = run.Pipeline is { } file ? new PipelineSource(file, run.PipelineText.ToArray()) : null;
            await using var server = await Composition.StartAsync(run.Options, pipeline);
            run.Started(server.Started);
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return Exit.Ok;
        }
        catch (FaultException fault)
        {
            throw new CliException(Exit.Failure, fault.Message);
        }
    }
}
