using Microsoft.Extensions.Logging;
using Millrace.Flows.Running;

namespace Millrace.Flows.Errors;

/// <summary>Makes one message of all failures of a message, once every destination of its flow has passed it.</summary>
/// <param name="flow">The flow.</param>
/// <param name="errors">Where its failures are, and where the messages go.</param>
/// <param name="passed">Up to where all destinations have passed a partition.</param>
/// <param name="clock">Times the tries.</param>
/// <param name="logger">Told what could not be written.</param>
internal sealed partial class ErrorReporter(FlowPlan flow, RuleErrorLog errors, Func<int, long> passed, TimeProvider clock, ILogger logger)
{
    private const int Together = 100;

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <summary>A report that is begun is finished, so that it is not made again after a stop that was no crash.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Ends when stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var late = new CancellationTokenSource();
        await using var ending = stop.Register(() => late.CancelAfter(Grace)).ConfigureAwait(false);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var pending = errors.PendingOf(flow.Name);
                var changed = pending.ChangedAsync();
                var ready = pending.Ready(passed, Together);
                if (ready.Count > 0) await errors.ReportAsync(flow, ready, late.Token).ConfigureAwait(false);
                else await changed.WaitAsync(stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The failures are safe in their log: they are told when that can be written again.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogUntold(failure, flow.Name);
                await Task.Delay(Again, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(EventId = 306, Level = LogLevel.Warning, Message = "The error destination of flow {Flow} cannot be told what failed: trying again")]
    private partial void LogUntold(Exception failure, string flow);
}
