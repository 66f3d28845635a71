using Microsoft.Extensions.Logging;
using Millrace.Contracts.Flows;
using Millrace.Flows.DeadLetters;
using Millrace.Flows.Errors;
using Millrace.Flows.Reading;
using Millrace.Flows.Windows;

namespace Millrace.Flows.Running;

/// <summary>What all flows share.</summary>
public sealed record FlowServices
{
    public FlowServices(
        FlowRunnerOptions options, ICheckpointStore checkpoints, DeadLetterLog deadLetters, TimeProvider clock, Random random, ILoggerFactory loggers)
    {
        (Options, Checkpoints, DeadLetters, Clock, Random, Loggers) = (options, checkpoints, deadLetters, clock, random, loggers);
        var logger = loggers.CreateLogger("Millrace.Flows");
        Strays = new StrayMessages(checkpoints, logger);
        Lazy = new LazyCheckpoints(checkpoints, clock, logger);
        Readers = new PartitionReaders(source => new PartitionReader(source, Strays, options, clock, logger));
    }

    public FlowRunnerOptions Options { get; }

    public ICheckpointStore Checkpoints { get; }

    public DeadLetterLog DeadLetters { get; }

    /// <summary>For flows with an error destination.</summary>
    public RuleErrorLog? RuleErrors { get; init; }

    /// <summary>Keeps windows; null where no flow has any.</summary>
    public IWindowStore? Windows { get; init; }

    public TimeProvider Clock { get; }

    public Random Random { get; }

    public ILoggerFactory Loggers { get; }

    /// <summary>Messages for flows that there are not.</summary>
    public StrayMessages Strays { get; }

    internal LazyCheckpoints Lazy { get; }

    internal PartitionReaders Readers { get; }
}
