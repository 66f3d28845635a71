namespace Millrace.Server.Api;

/// <summary>A message that a flow gave up.</summary>
/// <param name="Flow">Which flow.</param>
/// <param name="Lane">The destination that it did not reach, as <c>dtc-stop:series</c>.</param>
/// <param name="Partition">Of the flow's source.</param>
/// <param name="Offset">In that partition.</param>
/// <param name="At">When it was given up.</param>
/// <param name="Topic">As published.</param>
/// <param name="Fault">Unreadable, Refused by the destination, or Unavailable: given up after as many tries as the flow makes.</param>
/// <param name="Reason">Names the field and the rule.</param>
/// <param name="Payload">As published.</param>
/// <param name="Encoding">utf8, or base64 where the payload is not text.</param>
public sealed record DeadLetterAnswer(
    string Flow, string Lane, int Partition, long Offset, DateTimeOffset At, string Topic, string Fault, string Reason, string Payload, string Encoding);
