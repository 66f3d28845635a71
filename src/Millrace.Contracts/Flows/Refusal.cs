namespace Millrace.Contracts.Flows;

/// <summary>One record that will never be taken, and why.</summary>
public readonly record struct Refusal(int Index, Fault Fault, string Reason);
