using Millrace.Contracts;

namespace Millrace.Flows.DeadLetters;

/// <summary>A record that will never arrive at a destination.</summary>
/// <param name="Message">The message it was made from, within its batch.</param>
/// <param name="Fault">Unreadable; Refused by the destination; Unavailable: given up after so many tries.</param>
/// <param name="Reason">Names the field and the rule.</param>
/// <param name="InStatement">Whether the statement or a step failed, which every destination of the flow shares.</param>
internal readonly record struct Failure(int Message, Fault Fault, string Reason, bool InStatement);
