using Microsoft.Extensions.Logging;
using Millrace.Contracts.Flows;
using Millrace.Flows.DeadLetters;

namespace Millrace.Flows.Running;

/// <summary>What all flows share.</summary>
public sealed record FlowServices(
    FlowRunnerOptions Options, ICheckpointStore Checkpoints, DeadLetterLog DeadLetters, TimeProvider Clock, Random Random, ILoggerFactory Loggers);
