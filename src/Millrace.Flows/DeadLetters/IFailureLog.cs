using Millrace.Contracts.Records;
using Millrace.Flows.Running;

namespace Millrace.Flows.DeadLetters;

/// <summary>Where a lane puts what it gives up: dead letters, or what a flow's error destination is told.</summary>
internal interface IFailureLog
{
    /// <summary>Ends when the failures are safe. Those that are here already are not written again.</summary>
    /// <param name="flow">Whose lane gives up.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="partition">Of the flow's source.</param>
    /// <param name="failures">Of one batch of messages.</param>
    /// <param name="messages">The messages.</param>
    /// <param name="stop">Ends the wait.</param>
    ValueTask AppendAsync(FlowPlan flow, LanePlan lane, int partition, IReadOnlyList<Failure> failures, RecordBatch messages, CancellationToken stop);
}
