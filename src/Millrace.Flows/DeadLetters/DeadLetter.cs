using Millrace.Contracts;

namespace Millrace.Flows.DeadLetters;

/// <summary>A message that a flow could not bring to its destination, kept whole so that it can be repaired and sent again.</summary>
/// <param name="Flow">The flow that gave it up.</param>
/// <param name="Partition">Where the message stands in the flow's source.</param>
/// <param name="Offset">Where the message stands in the flow's source.</param>
/// <param name="At">When it was given up.</param>
/// <param name="Topic">As published.</param>
/// <param name="Fault">Unreadable, Refused by the destination, or Unavailable: given up after as many tries as the flow makes.</param>
/// <param name="Reason">Names the field and the rule.</param>
/// <param name="Payload">As published.</param>
public sealed record DeadLetter(
    string Flow, int Partition, long Offset, DateTimeOffset At, string Topic, Fault Fault, string Reason, byte[] Payload)
{
    /// <summary>The destination that it did not reach: <c>dtc-stop:series</c>.</summary>
    public string Lane { get; init; } = "";
}
