using Microsoft.Extensions.Logging;
using Millrace.Contracts.Flows;
using Millrace.Flows.DeadLetters;
using Millrace.Flows.Windows;

namespace Millrace.Flows.Running;

/// <summary>What all flows share.</summary>
public sealed record FlowServices(
    FlowRunnerOptions Options, ICheckpointStore Checkpoints, DeadLetterLog DeadLetters, TimeProvider Clock, Random Random, ILoggerFactory Loggers)
{
    /// <summary>Keeps windows; null where no flow has any.</summary>
    public IWindowStore? Windows { get; init; }

    /// <summary>Messages for flows that there are not.</summary>
    public StrayMessages Strays { get; } = new(Checkpoints, Loggers.CreateLogger("Millrace.Flows"));
}
