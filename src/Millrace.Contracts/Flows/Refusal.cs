namespace Millrace.Contracts.Flows;

/// <summary>One record that will never be taken, and why.</summary>
/// <param name="Index">The record, within the batch.</param>
/// <param name="Fault">Unreadable or Refused.</param>
/// <param name="Reason">For a person.</param>
/// <param name="ExistingVersion">The version of the record that is there already, where that is why.</param>
public readonly record struct Refusal(int Index, Fault Fault, string Reason, long? ExistingVersion = null);
